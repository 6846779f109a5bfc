"""The floor of a pass: list the folder with the stat of every file, and fetch every row; nothing else."""

from __future__ import annotations

import os
import sqlite3
import sys


def main(root: str, database: str) -> None:
    files = 0
    with os.scandir(root) as entries:
        for entry in entries:
            entry.stat(follow_symlinks=False)
            files += 1
    rows = 0
    cursor = sqlite3.connect(database).execute("SELECT * FROM long_sequence_sessions")
    while batch := cursor.fetchmany(1000):
        rows += len(batch)
    print(files, rows)


if __name__ == "__main__":
    main(*sys.argv[1:])
