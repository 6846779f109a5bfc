"""What every action offers to the one door, `perform`."""

from __future__ import annotations

from collections.abc import Callable, Mapping
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


@dataclass(frozen=True, slots=True)
class Action:
    """One action.

    `opening` gives the context (a connection, say) that the others get first. `intend` looks at the item again and
    returns the intent, or a Result where it must be left alone; nothing is changed yet. `carry_out` makes the change and
    does not raise where the host fails. `settle` looks at what an intent without an outcome has led to.
    """

    name: str
    title: Promise
    permission: str
    opening: Callable[[], AbstractContextManager[Any]]
    intend: Callable[[Any, Item, datetime], Intent | Result]
    carry_out: Callable[[Any, Item, Intent], Result]
    settle: Callable[[Any, AuditEntry], Result]
