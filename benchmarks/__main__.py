"""Every measurement that the README names, one after the other; each has further options when it is run by itself."""

from __future__ import annotations

import argparse

from benchmarks import examine_page, pass_ratio, plan_and_run, rates_page

if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--sessions", type=int)
    parser.add_argument("--keep")
    parser.parse_args()  # what both understand; each reads it for itself
    pass_ratio.main()
    examine_page.main()
    plan_and_run.main()
    rates_page.main()
