"""A message of the outbox in words, at the moment it is sent, in its receiver's language: as mail, for a chat, as JSON."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, fields
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from django.conf import settings

from diagnostics.domain.alerts.rules import BY_NAME, Levels
from diagnostics.domain.alerts.telling import FIRING, FLAPPING, REPEAT, RESOLVED
from diagnostics.domain.wording import alert_messages, alerts
from diagnostics.domain.wording.alert_messages import WAS, Part, Told
from diagnostics.models import Episode
from sessions_admin.alerting.message import Message
from sessions_admin.models import Notification, Notified
from sessions_admin.report.message import message_of

EPISODE_PAGE = "/alerts/episodes/{}/"
# Of several things to be said of one episode in one message, what is said.
STRONGEST = (RESOLVED, FIRING, FLAPPING, REPEAT)


@dataclass(frozen=True, slots=True)
class Words:
    """One message, for whichever way it goes."""

    mail: Message
    short: str = ""
    event: Mapping[str, object] = field(default_factory=dict)


def words_of(row: Notification) -> Words:
    return WORDS[Notification.Kind(row.kind)](row)


def _test(row: Notification) -> Words:
    channel = row.channel.name if row.channel else ""
    subject, text = alert_messages.test_message(channel, str(row.content.get("by", "")), row.language)
    return Words(Message(subject, text), text, {**_event(row), "text": text})


def _alerts(row: Notification) -> Words:
    zone, language = ZoneInfo(settings.TIME_ZONE), row.language
    told = list(row.told.select_related("episode").order_by("episode__fired_at", "episode_id"))
    episodes = {one.episode_id: one.episode for one in told}
    things = [
        (episode, _told(episode, _state([one for one in told if one.episode_id == number])))
        for number, episode in episodes.items()
    ]
    parts = [alert_messages.part(thing, language, zone) for _episode, thing in things]
    subject = alert_messages.subject_line(parts, language, settings.ENVIRONMENT_NAME)
    mail = Message(subject, alert_messages.plain(parts, language), alert_messages.html(parts, language))
    listed = [_listed(episode, thing, part, language) for (episode, thing), part in zip(things, parts, strict=True)]
    return Words(mail, alert_messages.short(parts, language), {**_event(row), "text": mail.text, "alerts": listed})


def _state(said: Sequence[Notified]) -> str:
    kinds = {one.kind for one in said}
    if {FIRING, RESOLVED} <= kinds:
        return WAS
    return next((kind for kind in STRONGEST if kind in kinds), FIRING)


def _told(episode: Episode, state: str) -> Told:
    is_over = state in (RESOLVED, WAS, FLAPPING)
    return Told(
        state=state,
        rule=episode.rule,
        subject=episode.subject,
        begun_at=episode.begun_at,
        ended_at=episode.ended_at if is_over else None,
        is_error=episode.kind == Episode.Kind.ERROR,
        value=episode.last_value if episode.last_value is not None else episode.peak,
        peak=episode.peak,
        levels=levels_of(episode),
        problem=_problem(episode),
        sessions=episode.sessions,
        users=episode.users,
        url=settings.DASHBOARD_URL.rstrip("/") + EPISODE_PAGE.format(episode.pk) if settings.DASHBOARD_URL else "",
    )


def levels_of(episode: Episode) -> Levels | None:
    """Return the levels with which it fired, where it tells them."""
    known = {one.name for one in fields(Levels)}
    try:
        return Levels(**{name: value for name, value in dict(episode.levels).items() if name in known})
    except (TypeError, ValueError):
        return None


def _problem(episode: Episode) -> str:
    facts = [one for one in episode.evidence if isinstance(one, dict)] if isinstance(episode.evidence, list) else []
    return next((str(one.get("value", "")) for one in facts if one.get("fact") == "problem"), "")


def _event(row: Notification) -> dict[str, object]:
    return {"event": row.kind, "id": row.key, "at": _time(row.made_at), "language": row.language, "alerts": []}


def _listed(episode: Episode, told: Told, part: Part, language: str) -> dict[str, object]:
    return {
        "state": told.state,
        "episode": episode.pk,
        "rule": told.rule,
        "subject": told.subject,
        "kind": episode.kind,
        "title": part.title,
        "sentence": part.sentence,
        "since": _time(told.begun_at),
        "ended": _time(told.ended_at),
        "value": told.value,
        "unit": BY_NAME[told.rule].unit if told.rule in BY_NAME else "",
        "sessions": told.sessions,
        "users": told.users,
        "first_check": alerts.first_check(told.rule, language, told.subject),
        "url": told.url,
    }


def _report(row: Notification) -> Words:
    return Words(message_of(row))


WORDS: Mapping[str, Callable[[Notification], Words]] = {
    Notification.Kind.ALERTS: _alerts,
    Notification.Kind.TEST: _test,
    Notification.Kind.REPORT: _report,
}


def _time(at: datetime | None) -> str | None:
    return at.astimezone(UTC).isoformat(timespec="seconds") if at else None
