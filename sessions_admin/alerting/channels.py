"""Channels made, changed, switched and removed; each is a decision in the audit, which names no address and no secret."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.contrib.auth.models import User
from django.db import transaction
from django.utils.translation import gettext_noop

from sessions_admin.actions import trail
from sessions_admin.alerting import outbox, targets
from sessions_admin.models import Channel, Notification
from sessions_admin.roles import roles_of

ADD, CHANGE, SWITCH, REMOVE = "channel_add", "channel_change", "channel_switch", "channel_remove"
TEST, AGAIN = "channel_test", "notification_again"
ADDED = gettext_noop("The channel %(name)s was made.")
CHANGED = gettext_noop("The channel %(name)s was changed.")
SWITCHED_ON = gettext_noop("The channel %(name)s was switched on.")
SWITCHED_OFF = gettext_noop("The channel %(name)s was switched off.")
REMOVED = gettext_noop("The channel %(name)s was removed.")
TESTED = gettext_noop("A test was sent to the channel %(name)s.")
TRIED_AGAIN = gettext_noop("The message %(key)s is sent again.")


@dataclass(frozen=True, slots=True)
class By:
    """Who decides, and from where."""

    person: User
    address: str


def add(values: Mapping[str, object], by: By, now: datetime) -> Channel:
    """Make a channel of a valid `ChannelForm`."""
    with transaction.atomic():
        channel = Channel.objects.create(**_columns(values), made_at=now, made_by=by.person.get_username())
        _note(ADD, ADDED, by, _shown(channel))
    return channel


def save(channel: Channel, values: Mapping[str, object], by: By) -> None:
    with transaction.atomic():
        before = _shown(channel)
        is_other = {name: values[name] != getattr(channel, name) for name in ("target", "secret")}
        Channel.objects.filter(pk=channel.pk).update(**_columns(values))
        channel.refresh_from_db()
        told = {**_shown(channel), **{f"{name}_changed": changed for name, changed in is_other.items() if changed}}
        told |= {f"{name}_before": value for name, value in before.items() if value != told.get(name)}
        _note(CHANGE, CHANGED, by, told)


def switch(channel: Channel, by: By, *, is_on: bool) -> bool:
    """Switch it on or off; False: it is so already."""
    with transaction.atomic():
        if not Channel.objects.filter(pk=channel.pk, is_on=not is_on).update(is_on=is_on):
            return False
        _note(SWITCH, SWITCHED_ON if is_on else SWITCHED_OFF, by, _shown(channel))
        return True


def remove(channel: Channel, by: By) -> None:
    """Remove it with all that it was told and that waits for it."""
    with transaction.atomic():
        _note(REMOVE, REMOVED, by, _shown(channel))
        channel.delete()


def test(channel: Channel, by: By, now: datetime) -> Notification:
    with transaction.atomic():
        _note(TEST, TESTED, by, _shown(channel))
        return outbox.put_test(channel, by.person.get_username(), now)


def try_again(row: Notification, by: By, now: datetime) -> bool:
    with transaction.atomic():
        if not outbox.try_again(row, now):
            return False
        _note(AGAIN, TRIED_AGAIN, by, {"key": row.key})
        return True


def _columns(values: Mapping[str, object]) -> dict[str, object]:
    kept = {name: values[name] for name in ("name", "kind", "target", "secret", "language")}
    return {**kept, "rules": values["rules"] or None, "repeat_seconds": int(str(values["repeat_hours"])) * 3600}


def _shown(channel: Channel) -> dict[str, object]:
    return {
        "name": channel.name,
        "kind": channel.kind,
        "target": targets.masked(channel.kind, channel.target),
        "language": channel.language,
        "rules": ", ".join(channel.rules) if channel.rules else "*",
        "repeat_seconds": channel.repeat_seconds,
    }


def _note(action: str, message: str, by: By, values: Mapping[str, object]) -> None:
    attempt = trail.Attempt(action, uuid.uuid4().hex, "", by.person.get_username(), roles_of(by.person), by.address, "")
    trail.add_decision(attempt, message, values)
