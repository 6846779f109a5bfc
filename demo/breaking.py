"""The commands that break the host, say what its users would, and mend it."""

from __future__ import annotations

import argparse
import json
import os
import sys

from demo import sayings, undo
from demo.faults import AROUND, FAULTS, VARIANTS
from demo.faults.scene import Deed, Scene
from demo.place import Place

WRONG_USE = 2
ALL = {**FAULTS, **VARIANTS, **AROUND}


def complain(line: str, code: int = 1) -> int:
    print(f"demo: {line}", file=sys.stderr)
    return code


def break_it(place: Place, options: argparse.Namespace) -> int:
    if options.list:
        for code, known in sorted(ALL.items(), key=lambda named: place_of(named[0])):
            print(f"{code:32} {known.__doc__}")
        return 0
    fault = ALL.get(options.code)
    if fault is None:
        wrong = f"unknown code {options.code!r}" if options.code else "which code?"
        return complain(f"{wrong}: `python -m demo break --list` shows them", WRONG_USE)
    if options.undo:
        return mend(place, options)
    if not place.control.is_dir():
        return complain(f"there is no demo host in {place.root}: run `python -m demo setup`")
    deed = fault(Scene(options.code, place, undo.Journal(place)), options.session_id)
    print(as_json(options.code, deed) if options.json else as_line(options.code, deed))
    return 0


def place_of(name: str) -> tuple[int, str]:
    """Where a fault stands in the list: variants behind their code."""
    codes = list(dict.fromkeys(known.partition(":")[0] for known in (*FAULTS, *AROUND)))
    return codes.index(name.partition(":")[0]), name


def as_json(code: str, deed: Deed) -> str:
    path = os.fspath(deed.path) if deed.path else None
    return json.dumps({"code": cause_of(code) or code, "session_id": deed.session_id, "path": path, "did": deed.did})


def cause_of(name: str) -> str:
    """The code under which the dashboard is to name it; '' where it has none."""
    code = name.partition(":")[0]
    return code if code in FAULTS else ""


def as_line(code: str, deed: Deed) -> str:
    where = f"session {deed.session_id}" if deed.session_id else "the host"
    note = f" ({deed.note})" if deed.note else ""
    expected = f" Expect {cause_of(code)}{note}." if cause_of(code) else f" It is {deed.note}." if deed.note else ""
    return f"{where}: {deed.did}.{expected} Back: python -m demo break {code} --undo, or python -m demo mend"


def say(place: Place, options: argparse.Namespace) -> int:
    if options.code not in sayings.ERRORS:
        return complain(f"nobody says anything of {options.code!r}, but of: {', '.join(sayings.ERRORS)}", WRONG_USE)
    text = sayings.error_line if options.line else sayings.said
    print(text(place, options.code, options.session_id))
    return 0


def mend(place: Place, options: argparse.Namespace) -> int:
    count, problems = undo.take_back(place, getattr(options, "code", None))
    for line in problems:
        complain(line)
    print(f"{count} steps undone" if count else "there was nothing to undo")
    return 1 if problems else 0
