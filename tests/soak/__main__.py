"""Resets race with generators, for many rounds; prints one line with what came of it, and ends with 1 where anything is wrong.

    python -m tests.soak [--rounds 1000] [--sessions 1000] [--engine sqlite|postgresql|mysql] [--takers 2] [--minutes N]

Every session of a round has failed; runs of resets and single resets put them back to pending while generators take them,
compose or fail them again, until all are composed. Then each must have been taken as often as it was reset, composed
once, and never changed while it was being generated.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from demo import table
from demo.place import Place
from tests.host_database import HostDatabase, made_on

ROOT = Path(__file__).resolve().parents[2]


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.soak", description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--rounds", type=int, default=1000)
    parser.add_argument("--sessions", type=int, default=1000)
    parser.add_argument("--engine", default="sqlite", choices=("sqlite", "postgresql", "mysql"))
    parser.add_argument("--takers", type=int, default=2)
    parser.add_argument("--minutes", type=float, default=1e9, help="end after the round in which so many are over")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="soak-") as name, made_on(options.engine, Path(name)) as host:
        return race(Path(name), host, options)


def race(folder: Path, host: HostDatabase, options: argparse.Namespace) -> int:
    """Start the generators, and beside them one dashboard, which plays the rounds; return how that ended."""
    (folder / "audio").mkdir()
    if host.engine == "sqlite":
        table.create(Place(folder))
    else:
        host.create_table()
    environment = environment_of(folder, host.url)
    play = [sys.executable, "-m", "tests.soak.play", str(folder)]
    told = [options.rounds, options.sessions, options.minutes, options.seed]
    with takers(folder, host.url, options.takers, environment):
        return subprocess.run([*play, *map(str, told)], cwd=ROOT, env=environment, check=False).returncode


@contextmanager
def takers(folder: Path, url: str, number: int, environment: dict[str, str]) -> Iterator[None]:
    command = [sys.executable, "-m", "tests.soak.taker", str(folder), url]
    started = [subprocess.Popen([*command, str(each)], cwd=ROOT, env=environment) for each in range(number)]
    try:
        yield
    finally:
        for process in started:
            process.kill()
            process.wait()


def environment_of(folder: Path, url: str) -> dict[str, str]:
    """A dashboard of its own, beside whatever is configured here."""
    return {
        **os.environ,
        "ENV_FILE": os.devnull,
        "SECRET_KEY": "a-key-for-races-only-0123456789-0123456789-0123456789-0123",
        "ALLOWED_HOSTS": "localhost",
        "DATABASE_URL": f"sqlite:///{folder / 'dashboard.sqlite3'}",
        "HOST_DATABASE_URL": url,
        "HOST_WRITE_DATABASE_URL": url,
        "DJANGO_SETTINGS_MODULE": "config.settings",
    }


if __name__ == "__main__":
    sys.exit(main())
