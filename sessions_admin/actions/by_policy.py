"""Puts files aside as each policy does: under the policy's name, and held for as long as its approved terms say."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import cast

from django.utils.functional import Promise, lazy
from django.utils.translation import gettext, gettext_lazy

from sessions_admin import permissions
from sessions_admin.actions import quarantine
from sessions_admin.actions.action import Action, Intent, Looked
from sessions_admin.actions.plans import Item
from sessions_admin.models import Policy
from sessions_admin.policies import POLICIES
from sessions_admin.policies.terms import terms_of
from sessions_admin.quarantine.place import Place

HELD_FOR = "hold_days"
EXPLANATION = gettext_lazy(
    "Each file is moved to the quarantine on the same disk: no byte is freed now. It can be brought back for as many days as "
    "the terms of the policy say; then it is deleted for good."
)


def expect(name: str, keys: Sequence[str]) -> list[Item]:
    """Freeze each file as by hand, and how long it will be held: both are covered by the plan's digest."""
    terms = terms_of(Policy.objects.get(pk=name).terms)
    held_for = "" if terms is None else f"={terms.hold_days}"
    items = quarantine.expect(keys, policy=name)
    return [replace(item, seen={**item.seen, HELD_FOR: held_for or None}) for item in items]


def intend(place: Place, items: Sequence[Item], now: datetime) -> Looked:
    """Look again as by hand; each is held until the date of the terms that the plan was made on."""
    looked, held_for = quarantine.intend(place, items, now), {item.key: item.seen.get(HELD_FOR) for item in items}
    return {
        key: _until(found, held_for[key], now) if isinstance(found, Intent) else found for key, found in looked.items()
    }


def _until(intent: Intent, held_for: str | None, now: datetime) -> Intent:
    if not held_for:
        return intent
    until = now + timedelta(days=int(held_for[1:]))
    return replace(intent, after={**intent.after, "expires_at": until.isoformat()})


def _of(name: str) -> Action:
    title = cast(
        "Promise", lazy(lambda: gettext("By policy: {title}").replace("{title}", str(POLICIES[name].title)), str)()
    )
    by_hand = quarantine.aside_action(name, name, title, title, permissions.QUARANTINE)
    return replace(by_hand, explanation=EXPLANATION, expect=lambda _, keys: expect(name, keys), intend=intend)


BY_POLICY = tuple(_of(name) for name in POLICIES)
