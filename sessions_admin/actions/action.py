"""What every action offers to the one door, `perform`."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.functional import Promise

from sessions_admin.actions.plans import Item
from sessions_admin.actions.results import Result
from sessions_admin.actions.trail import Attempt
from sessions_admin.models import AuditEntry


@dataclass(frozen=True, slots=True)
class Intent:
    """A change that is about to be made: every column as it is, and those that change as they will be.

    Before `carry_out` gets it, it is told whose `attempt` it is, and which `number` of it: what a file is put aside under.
    """

    before: Mapping[str, str | None]
    after: Mapping[str, str | None]
    at: datetime
    attempt: Attempt | None = None
    number: int = 0


Looked = Mapping[str, Intent | Result]
Meant = Sequence[tuple[Item, Intent]]


def nobody_else(_items: Sequence[Item]) -> str:
    """No second person is needed."""
    return ""


@dataclass(frozen=True, slots=True)
class Action:
    """One action, done to some items at a time.

    `opening` gives the context (a connection, say) that the others get first, `looking` one with which nothing could be
    changed. `expect` freezes items as they are now, each with what will become of it. `intend` looks at the items again and
    returns, by key, the intent of each, or a Result where it must be left alone; nothing is changed yet. `carry_out` makes
    the changes, returns a result for each in order, and does not raise where the host fails. `settle` looks at what an
    intent without an outcome has led to. Of an action that `is_to_be_picked_up`, the host's worker takes what it did.

    `button` words what a number of items are told to do ("Reset 12 sessions"), `explanation` what that means and whether it
    can be undone. Items are `chunk` at a time: one, where each change has to be seen before the next is made. An action
    `on_files` has files of our ledger as its items, any other one sessions; one that `is_loud` has the number typed
    whatever it is; one that `needs_fresh_login` asks for the password where the login is older than an hour.
    `second_person` says why another person must approve such items (a key of the catalogues), '' where nobody need.
    """

    name: str
    title: Promise
    title_of_many: Promise
    button: Callable[[int], str]
    explanation: Promise
    permission: str
    opening: Callable[[], AbstractContextManager[Any]]
    looking: Callable[[], AbstractContextManager[Any]]
    expect: Callable[[Any, Sequence[str]], list[Item]]
    intend: Callable[[Any, Sequence[Item], datetime], Looked]
    carry_out: Callable[[Any, Meant], list[Result]]
    settle: Callable[[Any, AuditEntry], Result]
    is_to_be_picked_up: bool = False
    on_files: bool = False
    is_loud: bool = False
    needs_fresh_login: bool = False
    chunk: int = 100
    second_person: Callable[[Sequence[Item]], str] = nobody_else


def bytes_of(items: Sequence[Item]) -> int:
    """Return how large the files of these items are together, as they were seen."""
    return sum(int((item.seen.get("size_bytes") or "=0")[1:]) for item in items)
