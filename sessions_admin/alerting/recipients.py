"""Who is told of a rule: an administrator ticks channels, and what else each of them is told of stays as it was."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from django.utils.translation import gettext_noop

from diagnostics.domain.alerts.rules import BY_NAME
from sessions_admin.actions import trail
from sessions_admin.actors import By
from sessions_admin.alerting import deciding
from sessions_admin.models import Channel

DECISION = "alert_recipients"
CHANGED = gettext_noop("Who is told of the alert %(rule)s was changed.")
NOBODY = "–"


@dataclass(frozen=True, slots=True)
class Recipient:
    """One channel, and whether it is told of the rule; `is_of_all` where it is told of every one, also of later ones."""

    channel: Channel
    is_told: bool
    is_of_all: bool


def recipients(rule: str) -> list[Recipient]:
    return [_recipient(rule, channel) for channel in Channel.objects.all()]


def seen_of(found: Iterable[Recipient]) -> str:
    """Return what a form brings back, so that nobody changes what has become something else meanwhile."""
    told = [[recipient.channel.pk, recipient.channel.rules] for recipient in found]
    return hashlib.sha256(json.dumps(sorted(told, key=lambda pair: pair[0])).encode()).hexdigest()[:32]


def numbers_told() -> dict[str, int]:
    """Return how many channels that are on are told of each rule."""
    lists = [channel.rules for channel in Channel.objects.filter(is_on=True, switched_off_at=None)]
    return {name: sum(rules is None or name in rules for rules in lists) for name in BY_NAME}


def change(rule: str, ticked: Collection[int], *, seen: str, by: By) -> None:
    """Have these channels, by their numbers, told of a rule and no others. Raises AlertRefused."""
    made = deciding.attempt(DECISION, rule, by)
    with deciding.one_at_a_time():
        locked = Channel.objects.select_for_update().order_by("name")
        found = [_recipient(rule, channel) for channel in locked]
        changing = [recipient for recipient in found if recipient.is_told != (recipient.channel.pk in ticked)]
        is_as_seen = seen_of(found) == seen
        if is_as_seen and changing:
            for recipient in changing:
                _toggle(rule, recipient)
            after = [_recipient(rule, recipient.channel) for recipient in found]
            columns = _columns(found), _columns(after)
            trail.add_decision(made, CHANGED, {"rule": rule}, before=columns[0], after=columns[1])
            return
    message = deciding.THE_SAME if is_as_seen else deciding.OVERTAKEN_BY_ANYBODY
    raise deciding.refused(made, rule, message)


def _recipient(rule: str, channel: Channel) -> Recipient:
    rules = channel.rules
    return Recipient(channel, rules is None or rule in rules, rules is None)


def _toggle(rule: str, recipient: Recipient) -> None:
    rules = recipient.channel.rules
    told = [*BY_NAME] if rules is None else rules
    is_told = not recipient.is_told
    recipient.channel.rules = [name for name in BY_NAME if (is_told if name == rule else name in told)]
    recipient.channel.save(update_fields=["rules"])


def _columns(found: Iterable[Recipient]) -> dict[str, str | None]:
    return {"told": ", ".join(recipient.channel.name for recipient in found if recipient.is_told) or NOBODY}
