"""Sets markers on the charts and takes them away; each is a decision in the audit, whoever or whatever says so."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime

from django.contrib.auth.models import User
from django.db import IntegrityError, transaction
from django.utils.translation import gettext_noop

from sessions_admin.actions import results, trail
from sessions_admin.models import Marker
from sessions_admin.roles import roles_of

MARK, UNMARK = "mark", "unmark"
SET = gettext_noop("A marker was set at %(at)s (%(kind)s): %(text)s")
TAKEN_AWAY = gettext_noop("The marker of %(at)s (%(kind)s) was taken away: %(text)s")
# Under these names the audit knows what no person signed.
MACHINE, SHELL = "MARKER_TOKEN", "shell"


@dataclass(frozen=True, slots=True)
class Wanted:
    """A marker to be set; `key` None: nobody will say it twice."""

    at: datetime
    kind: str
    text: str
    key: str | None = None


@dataclass(frozen=True, slots=True)
class By:
    """Who says so; `made_by` is '' where no person does."""

    actor: str
    address: str
    made_by: str = ""
    roles: str = ""


def person(user: User, address: str) -> By:
    return By(user.get_username(), address, user.get_username(), roles_of(user))


def add(wanted: Wanted, by: By, now: datetime) -> tuple[Marker, bool]:
    """Set a marker; return it, and whether it is new: what was first said under a key stands."""
    if found := _known(wanted.key):
        return found, False
    try:
        with transaction.atomic():
            marker = Marker.objects.create(
                at=wanted.at, kind=wanted.kind, text=wanted.text, key=wanted.key, made_at=now, made_by=by.made_by
            )
            trail.add_decision(_attempt(MARK, by), SET, _told(marker))
            return marker, True
    except IntegrityError:
        if found := _known(wanted.key):  # somebody said the same at the same moment
            return found, False
        raise


def take_away(number: int, by: By) -> bool:
    """Take a marker away; its text stays in the audit. False: it is not there, any more."""
    with transaction.atomic():
        marker = Marker.objects.select_for_update().filter(pk=number).first()
        if marker is None or not Marker.objects.filter(pk=number).delete()[0]:
            return False
        trail.add_decision(_attempt(UNMARK, by), TAKEN_AWAY, _told(marker))
        return True


def refuse(action: str, by: By) -> None:
    """Note in the audit that somebody without the right wanted this."""
    trail.add_refusal(_attempt(action, by), "", results.NO_RIGHT)


def _known(key: str | None) -> Marker | None:
    return Marker.objects.filter(key=key).first() if key else None


def _told(marker: Marker) -> dict[str, object]:
    return {"at": marker.at.isoformat(timespec="seconds"), "kind": marker.kind, "text": marker.text}


def _attempt(action: str, by: By) -> trail.Attempt:
    return trail.Attempt(action, uuid.uuid4().hex, "", by.actor, by.roles, by.address, "")
