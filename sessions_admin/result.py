"""How one item ended, and the store's troubles that end all that follow: known to what moves files and to the actions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from django.utils.translation import gettext, gettext_noop

from sessions_admin.models import AuditEntry

Kind = AuditEntry.Outcome

STORE_FULL = gettext_noop("Not done: the disk is full (%(detail)s). Nothing was moved, and nothing more is tried.")
STORE_READ_ONLY = gettext_noop("Not done: the audio folder is read-only (%(detail)s). Nothing more is tried.")
STORE_GONE = gettext_noop("Not done: the audio folder is not what it was (%(detail)s). Nothing more is tried.")
STORE_APART = gettext_noop("Not done: QUARANTINE_ROOT lies on another file system than the audio (%(detail)s).")
STORE_CLOSED = gettext_noop(
    "Not done: the folder for files put aside cannot be used (%(detail)s). Nothing more is tried."
)
STORE_BUSY = gettext_noop("Not done: files are being moved by somebody else at this moment (%(detail)s). Try again.")
OF_THE_STORE = (STORE_FULL, STORE_READ_ONLY, STORE_GONE, STORE_APART, STORE_CLOSED, STORE_BUSY)


@dataclass(frozen=True, slots=True)
class Result:
    """The end of one item. `is_settled` False: the intent stays open, and the worker finds out later."""

    kind: str
    message: str
    values: Mapping[str, str] = field(default_factory=dict)
    is_settled: bool = True

    @property
    def sentence(self) -> str:
        return gettext(self.message) % dict(self.values)


class StoreTrouble(Exception):
    """The store is full, read-only or not what it was: nothing that follows could be done either; a run halts at it."""

    def __init__(self, message: str, values: Mapping[str, str]) -> None:
        super().__init__(message)
        self.message, self.values = message, dict(values)

    @property
    def result(self) -> Result:
        return Result(Kind.FAILED, self.message, self.values)


class NotMoved(Exception):
    """This file stays where it is; `result` says why."""

    def __init__(self, result: Result) -> None:
        super().__init__(result.message)
        self.result = result
