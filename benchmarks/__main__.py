"""python -m benchmarks: every measurement that the README names."""

from __future__ import annotations

from benchmarks.pass_ratio import main

if __name__ == "__main__":
    main()
