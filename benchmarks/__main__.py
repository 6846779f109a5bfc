"""python -m benchmarks: every measurement that the README names."""

from __future__ import annotations

from benchmarks import examine_page, pass_ratio

if __name__ == "__main__":
    pass_ratio.main()
    examine_page.main()
