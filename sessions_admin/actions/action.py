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
from sessions_admin.models import AuditEntry


@dataclass(frozen=True, slots=True)
class Intent:
    """A change that is about to be made: every column as it is, and those that change as they will be."""

    before: Mapping[str, str | None]
    after: Mapping[str, str | None]
    at: datetime


Looked = Mapping[str, Intent | Result]
Meant = Sequence[tuple[Item, Intent]]


@dataclass(frozen=True, slots=True)
class Action:
    """One action, done to some items at a time.

    `opening` gives the context (a connection, say) that the others get first, `looking` one with which nothing could be
    changed. `expect` freezes items as they are now, each with what will become of it. `intend` looks at the items again and
    returns, by key, the intent of each, or a Result where it must be left alone; nothing is changed yet. `carry_out` makes
    the changes, returns a result for each in order, and does not raise where the host fails. `settle` looks at what an
    intent without an outcome has led to. Of an action that `is_to_be_picked_up`, the host's worker takes what it did.
    """

    name: str
    title: Promise
    title_of_many: Promise
    permission: str
    opening: Callable[[], AbstractContextManager[Any]]
    looking: Callable[[], AbstractContextManager[Any]]
    expect: Callable[[Any, Sequence[str]], list[Item]]
    intend: Callable[[Any, Sequence[Item], datetime], Looked]
    carry_out: Callable[[Any, Meant], list[Result]]
    settle: Callable[[Any, AuditEntry], Result]
    is_to_be_picked_up: bool = False
