"""A question and its answer as one line of JSON each; whatever a look tells is short and harmless once it is a line."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any
from urllib.parse import unquote

from diagnostics.domain.redaction import HIDDEN, hide_secrets
from diagnostics.probes.parts.told import PartQuestion, PartTold

STATES = ("up", "impaired", "down", "unknown")
MOST_CHARACTERS = 300  # of a detail, and of a value that is text
MOST_VALUES, LONGEST_NAME = 32, 60
IN_ADDRESSES = re.compile(r"://[^\s/:@]*:(\S+)@")
MOST_BYTES = 60_000  # of a line: a pipe takes so many at once, so that writing never waits


def question_line(question: PartQuestion) -> bytes:
    """Raises ValueError where it is longer than a pipe takes at once."""
    line = json.dumps(asdict(question)).encode() + b"\n"
    if len(line) > MOST_BYTES:
        raise ValueError("the question is too long")
    return line


def question_of(line: bytes) -> PartQuestion:
    return PartQuestion(**json.loads(line))


def answer_line(told: PartTold, how: Mapping[str, Any]) -> bytes:
    """Return an answer as a line, without any password of the addresses in `how`, wherever it may stand."""
    passwords = sorted(_passwords(how.values()), key=len, reverse=True)
    values = list(told.values.items())[:MOST_VALUES]
    answer = {
        "state": told.state,
        "problem": _harmless(told.problem, passwords),
        "detail": _harmless(told.detail, passwords),
        "values": {_harmless(name, passwords)[:LONGEST_NAME]: _value(value, passwords) for name, value in values},
        "since": told.since.timestamp() if told.since else None,
    }
    return json.dumps(answer, ensure_ascii=False).encode() + b"\n"


def answer_of(line: bytes) -> PartTold:
    """Raises ValueError where the line is no answer."""
    try:
        told = json.loads(line)
        since = None if told["since"] is None else datetime.fromtimestamp(told["since"], UTC)
        if told["state"] not in STATES:
            raise ValueError("no such state")
        return PartTold(told["state"], told["problem"], told["detail"], dict(told["values"]), since)
    except (KeyError, TypeError, OverflowError, OSError, RecursionError) as error:
        raise ValueError("no answer") from error


def _passwords(values: Iterable[object]) -> Iterator[str]:
    for value in values:
        for password in IN_ADDRESSES.findall(value) if isinstance(value, str) else ():
            yield from {password, unquote(password)}


def _value(value: object, passwords: Iterable[str]) -> float | str | None:
    if isinstance(value, int | float):
        return value if math.isfinite(value) else None
    return None if value is None else _harmless(str(value), passwords)


def _harmless(text: str, passwords: Iterable[str]) -> str:
    """One line without secrets and without what no database keeps (half characters, NUL and other controls)."""
    text = text.encode(errors="backslashreplace").decode()
    for password in passwords:
        text = text.replace(password, HIDDEN)
    text = "".join(character if character.isprintable() else " " for character in hide_secrets(text))
    return " ".join(text.split())[:MOST_CHARACTERS]
