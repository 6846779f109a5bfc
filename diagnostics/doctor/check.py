"""What a check of a set-up says: how it went, what was seen, what to do."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Result(StrEnum):
    """Only an error makes the doctor's answer a bad one; unknown is said, and never taken for well."""

    OK = "ok"
    WARNING = "warning"
    ERROR = "error"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Check:
    """One line. `value` is what was seen, without any secret; `advice` what to do where it is not well."""

    name: str
    result: Result
    value: str = ""
    advice: str = ""


def ok(name: str, value: object = "") -> Check:
    return Check(name, Result.OK, str(value))


def warning(name: str, value: object, advice: str) -> Check:
    return Check(name, Result.WARNING, str(value), advice)


def error(name: str, value: object, advice: str) -> Check:
    return Check(name, Result.ERROR, str(value), advice)


def unknown(name: str, value: object, advice: str = "") -> Check:
    return Check(name, Result.UNKNOWN, str(value), advice)
