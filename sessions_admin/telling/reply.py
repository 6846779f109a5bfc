"""What came of telling the host of one session, and the id of a session as it is told."""

from __future__ import annotations

import re
from dataclasses import dataclass

LONGEST_ERROR = 300
NUMBER = re.compile("0|-?[1-9][0-9]{0,17}")


@dataclass(frozen=True, slots=True)
class Reply:
    """`error` '' is told. `is_refused`: the receiver answered that it does not want it, which time seldom changes."""

    error: str = ""
    is_refused: bool = False


def told_id(session: str) -> int | str:
    """Return a session's id as JSON tells it: a whole number as a number, as the host's table has it."""
    return int(session) if NUMBER.fullmatch(session) else session
