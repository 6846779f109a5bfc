"""The page of alerts: what is wrong now and since when, what cannot be told, what is well; and what happened before."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from diagnostics import permissions
from diagnostics.alerts import reading
from diagnostics.alerts.reading import Standing
from diagnostics.domain.alerts.rules import BY_NAME, RULES
from diagnostics.domain.wording import alerts as wording
from diagnostics.models import AlertState
from diagnostics.views.access import needs
from diagnostics.views.fragments import is_fragment, stamped, unchanged
from diagnostics.views.frame import snapshot_of
from sessions_admin.alerting import silences
from sessions_admin.models import Notification, Silence
from sessions_admin.permissions import HANDLE
from sessions_admin.templatetags.notifications import undelivered
from sessions_admin.views.alerts_history import episode_rows, lanes, ticks
from sessions_admin.views.alerts_shown import Shown, address, shown

PAGE_SIZE = 25
DAYS = (7, 30)
LONGEST_NUMBER = 18
SILENCE_HOURS = (1, 4, 12, 24, 72, 168)
State = AlertState.State


@dataclass(frozen=True, slots=True)
class Asked:
    """What of the history is asked for: one rule ('': all), so many days, and the page of rows before an episode."""

    rule: str
    days: int
    before: int | None

    @property
    def query(self) -> str:
        told = {"rule": self.rule, "days": self.days if self.days != DAYS[0] else ""}
        return urlencode({name: value for name, value in told.items() if value})


@require_safe
@needs(permissions.VIEW_FIGURES)
def alert_list(request: HttpRequest) -> HttpResponse:
    """Show how every rule stands and what happened; htmx asks for the living part again."""
    now, snapshot, asked = timezone.now(), snapshot_of(request), _asked(request)
    found, held = reading.standing(now), list(silences.standing(now))
    version = _version(found, held, undelivered(), asked)
    if is_fragment(request) and (nothing_new := unchanged(request, snapshot=snapshot, version=version)) is not None:
        return nothing_new
    url = reverse("sessions_admin:alert_list")
    context = {
        **_now(request, found, held),
        **_before(asked, now),
        "snapshot": snapshot,
        "live_version": version,
        "live_url": "" if asked.before else f"{url}?{asked.query}" if asked.query else url,
    }
    template = "sessions_admin/_alert_list_panels.html" if is_fragment(request) else "sessions_admin/alert_list.html"
    return stamped(render(request, template, context), snapshot=snapshot, version=version)


def _asked(request: HttpRequest) -> Asked:
    rule, days, before = (request.GET.get(name, "") for name in ("rule", "days", "before"))
    is_number = before.isascii() and before.isdigit() and len(before) <= LONGEST_NUMBER
    return Asked(
        rule=rule if rule in BY_NAME else "",
        days=int(days) if days in map(str, DAYS) else DAYS[0],
        before=int(before) if is_number else None,
    )


def _now(request: HttpRequest, found: Standing, held: Sequence[Silence]) -> dict[str, object]:
    firing = found.firing
    explained = sum(bool(place.row.muted_by) for place in firing)
    untold = found.in_states(State.NO_DATA, State.ERROR)
    moving = found.in_states(State.PENDING, State.RECOVERING)
    quiet = found.in_states(State.OK)
    stale = [place for place in found.places if place.is_stale and place.is_on]

    def each(places: Sequence[reading.Place]) -> list[Shown]:
        return [shown(place, request.user, held) for place in places if place.is_on or place in firing]

    return {
        "firing": each(firing),
        "told": len(firing) - explained or len(firing),
        "explained": explained if explained < len(firing) else 0,
        "moving": each(moving),
        "untold": each(untold),
        "quiet": each(quiet),
        "without": _without(found),
        "off": [wording.title(name, get_language() or "en") for name in sorted(found.off)],
        "stale": len(stale),
        "looked_at": found.looked_at,
        "rules": len(RULES) - len(found.off),
        "is_evaluated": bool(found.looked_at or found.places),
        "silences": [_silenced(silence) for silence in held],
        "may_silence": request.user.has_perm(HANDLE),
        "silence_url": address("sessions_admin:silence_begin"),
        "silence_hours": SILENCE_HOURS,
        "rules_url": address("sessions_admin:alert_rule_list"),
        "channels_url": address("sessions_admin:channel_list"),
    }


def _before(asked: Asked, now: datetime) -> dict[str, object]:
    found = reading.history(asked.rule, asked.days, now)
    rows = reading.episodes(asked.rule, asked.before, PAGE_SIZE)
    return {
        "asked": asked,
        "history": found,
        "lanes": lanes(found, asked.rule),
        "ticks": ticks(found),
        "days": DAYS,
        "every_rule": [(rule.name, wording.title(rule.name, get_language() or "en")) for rule in RULES],
        "episodes": episode_rows(rows[:PAGE_SIZE], now),
        "older": rows[PAGE_SIZE - 1].pk if len(rows) > PAGE_SIZE else None,
    }


def _without(found: Standing) -> list[str]:
    """Return the rules that have nothing to tell of: no incident came back, say."""
    told = {place.row.rule for place in found.places} | found.off
    return [wording.title(rule.name, get_language() or "en") for rule in RULES if rule.name not in told]


def _silenced(silence: Silence) -> dict[str, object]:
    language = get_language() or "en"
    return {
        "row": silence,
        "title": wording.title(silence.rule, language),
        "subject": wording.subject_text(silence.rule, silence.subject, language),
        "end_url": address("sessions_admin:silence_end", silence.pk),
    }


def _version(found: Standing, held: Sequence[Silence], undelivered: Sequence[Notification], asked: Asked) -> str:
    """What a viewer sees changes with each round, with a state that grows old, with a silence, with what is not delivered."""
    places = [(place.row.pk, place.row.version, place.row.evaluated_at, place.is_stale) for place in found.places]
    messages = [(row.pk, row.attempts, row.next_at, row.given_up_at) for row in undelivered]
    told = (places, found.looked_at, sorted(found.off), [silence.pk for silence in held], messages, asked)
    return hashlib.blake2b(repr(told).encode(), digest_size=12).hexdigest()
