"""What an action may touch: a frozen list of items with what was seen of each, its digest, and ten minutes to live."""

from __future__ import annotations

import hashlib
import json
import re
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from django.contrib.auth.models import AbstractBaseUser, AnonymousUser
from django.core import signing

LIFE = timedelta(minutes=10)
# Longer texts (a traceback can have a megabyte) stand in a plan by their digest.
LONGEST_TEXT = 200
SALT = "sessions_admin.plan"
NO_TEXT = re.compile("[\0\ud800-\udfff]")  # what no database keeps: NUL, and bytes that are no characters


class PlanInvalid(Exception):
    """The form bears no plan of this person's that is still alive."""


class Expectation(StrEnum):
    """What the preview said would become of an item."""

    DO = "do"
    SKIP = "skip"


@dataclass(frozen=True, slots=True)
class Item:
    """One thing to act on. `seen` holds every column that the preview showed, as `seen_as` writes it.

    `key` is a session's id, or, of a file, the number that our own tables know it by; then `path` is how it is shown and
    `session` the id of whose file it is ('': nobody's). `why` is the sentence (a key of the catalogues) that tells why the
    item is left alone, and `told` fills it, beside session, status and path.
    """

    key: str
    seen: Mapping[str, str | None]
    expectation: Expectation
    why: str = ""
    path: str = ""
    session: str | None = None
    told: Mapping[str, str] = field(default_factory=dict)

    @property
    def of_session(self) -> str:
        """The session whose item this is, for the audit and its timeline; '' for a file of nobody's."""
        return self.key if self.session is None else self.session


@dataclass(frozen=True, slots=True)
class Plan:
    """What one form would do. `operation` links the audit's entries, and makes the form's second sending harmless."""

    action: str
    items: tuple[Item, ...]
    made_at: datetime
    operation: str

    @property
    def digest(self) -> str:
        return hashlib.sha256(_written(self).encode()).hexdigest()

    def is_alive(self, now: datetime) -> bool:
        return now - self.made_at <= LIFE


def new_plan(action: str, items: tuple[Item, ...], now: datetime) -> Plan:
    return Plan(action, items, now, uuid.uuid4().hex)


def seen_of(values: Mapping[str, str | None]) -> dict[str, str | None]:
    """Return all columns of a row as a plan remembers them."""
    return {name: seen_as(value) for name, value in values.items()}


def seen_as(text: str | None) -> str | None:
    """Return how a plan remembers a column: NULL as None, a short text itself, any other by its digest."""
    if text is None:
        return None
    if len(text) <= LONGEST_TEXT and not NO_TEXT.search(text):
        return "=" + text
    return "#" + hashlib.sha256(text.encode("utf-8", "surrogateescape")).hexdigest()


def is_as_seen(seen: Mapping[str, str | None], values: Mapping[str, str | None]) -> bool:
    return dict(seen) == seen_of(values)


def sealed(plan: Plan, person: AbstractBaseUser | AnonymousUser) -> str:
    """Return the plan as a form carries it: signed, and bound to the person who saw it."""
    content = {"plan": _written(plan), "made_at": plan.made_at.isoformat(), "operation": plan.operation}
    content["shown"] = json.dumps([[item.path, dict(item.told)] for item in plan.items])
    return signing.dumps({**content, "person": person.pk}, salt=SALT, compress=True)


def unsealed(token: str, person: AbstractBaseUser | AnonymousUser) -> Plan:
    """Return the plan of a form. Raises PlanInvalid where it was forged, belongs to another, or is too old."""
    try:
        content = signing.loads(token, salt=SALT, max_age=LIFE)
    except signing.BadSignature:
        raise PlanInvalid from None
    if content["person"] != person.pk:
        raise PlanInvalid
    action, items = json.loads(content["plan"])
    shown = json.loads(content["shown"])
    return Plan(
        action,
        tuple(
            Item(key, seen, Expectation(expectation), why, path, told=told)
            for (key, seen, expectation, why), (path, told) in zip(items, shown, strict=True)
        ),
        datetime.fromisoformat(content["made_at"]),
        content["operation"],
    )


def _written(plan: Plan) -> str:
    items = [[item.key, dict(item.seen), item.expectation.value, item.why] for item in plan.items]
    return json.dumps([plan.action, items], sort_keys=True)
