"""Which sessions a list shows: filters from the address, keyset pages, counts with a ceiling, and the search box."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from datetime import datetime, timedelta
from urllib.parse import urlencode

from django.db import connection
from django.db.models import Q, QuerySet
from django.utils.dateparse import parse_datetime

from diagnostics.domain.causes import CATALOGUE
from diagnostics.domain.diagnosis import Verdict
from diagnostics.domain.facts import STATUSES
from diagnostics.ended_query import ENDED, Ended, Listed, listed, read_ended
from diagnostics.models import Incident, SessionEntry

PAGE_SIZE = 50
COUNT_CEILING = 10_000
OTHER_STATUS = "other"
AGES = {"1h": timedelta(hours=1), "24h": timedelta(hours=24), "7d": timedelta(days=7), "30d": timedelta(days=30)}
TEXT_LENGTH = 255
LONGEST_NUMBER = 18
LAST_CHARACTER = "\U0010ffff"
UNEXPIRED = [verdict for verdict in Verdict if verdict is not Verdict.EXPIRED]
# What a list shows, and no more: the path that a row claims can be as long as the host likes.
LISTED = (
    "key",
    "key_is_number",
    "listed_at",
    "user_id",
    "status",
    "verdict",
    "state",
    "cause",
    "further",
    "progress_percent",
    "duration_seconds",
    "error_head",
    "file_name",
    "handled_at",
    "handled_cause",
    "handled_end",
    "gone_at",
)
HANDLED = ("yes", "all")  # only what was handled; with it


@dataclass(frozen=True, slots=True)
class Scope:
    """The filters of one list; an empty text does not filter. A value that cannot be meant is dropped on reading."""

    q: str = ""
    status: str = ""
    verdict: str = ""
    cause: str = ""
    age: str = ""
    user: str = ""
    incident: str = ""
    left: str = ""  # an incident that sessions were part of, and are no more
    handled: str = ""
    ended_from: str = ""  # as UTC; an attempt ended in [ended_from, ended_to)
    ended_to: str = ""
    outcome: str = ""  # how it ended
    ended_cause: str = ""  # and with which cause

    @property
    def ended(self) -> Ended | None:
        """Return which attempts the list is of; None where it is not of attempts."""
        if not (self.ended_from and self.ended_to):
            return None
        since, until = (datetime.fromisoformat(text) for text in (self.ended_from, self.ended_to))
        return Ended(since, until, self.outcome or "all", self.ended_cause)

    @property
    def is_everything(self) -> bool:
        return not self.query_string

    @property
    def hides_expired(self) -> bool:
        """Audio that was cleared away on purpose stays out of the way, unless somebody asks for it, a user or a name."""
        return not (self.verdict or self.user or self.q or self.ended_from)

    @property
    def hides_handled(self) -> bool:
        """What somebody dealt with stays out of the way, but where a user, a name or an incident is asked for."""
        return not (self.handled or self.user or self.q or self.incident or self.left or self.ended_from)

    @property
    def query_string(self) -> str:
        return urlencode({name: value for name, value in self.items() if value})

    def items(self) -> list[tuple[str, str]]:
        return [(field.name, getattr(self, field.name)) for field in fields(self)]

    def without(self, name: str) -> Scope:
        """Return the other filters. What an attempt ended with goes with the time in which it did."""
        names = ENDED if name == "ended_from" else (name,)
        return replace(self, **dict.fromkeys(names, ""))


@dataclass(frozen=True, slots=True)
class Page:
    """One page of the list; `newer` and `older` are cursors, or '' where the list ends."""

    entries: list[SessionEntry]
    newer: str
    older: str


@dataclass(frozen=True, slots=True)
class CappedCount:
    """A number of rows, exact up to the ceiling; above it `is_more`, and `number` is the ceiling."""

    number: int
    is_more: bool


def read_scope(parameters: Mapping[str, str]) -> Scope:
    def text(name: str) -> str:
        return parameters.get(name, "").replace("\x00", "").strip()[:TEXT_LENGTH]

    def one_of(name: str, allowed: tuple[str, ...]) -> str:
        return text(name) if text(name) in allowed else ""

    return Scope(
        q=text("q"),
        status=one_of("status", (*STATUSES, OTHER_STATUS)),
        verdict=one_of("verdict", tuple(Verdict)),
        cause=one_of("cause", tuple(CATALOGUE)),
        age=one_of("age", tuple(AGES)),
        user=text("user"),
        incident=_number(text("incident")),
        left=_number(text("left")),
        handled=one_of("handled", HANDLED),
        **read_ended({name: text(name) for name in ENDED}),
    )


def _number(text: str) -> str:
    return str(int(text)) if text.isascii() and text.isdigit() and len(text) <= LONGEST_NUMBER else ""


def sessions_in(scope: Scope, now: datetime, among: Listed | None = None) -> QuerySet[SessionEntry]:
    """Return what the list shows. What is left out is told by no index, so that the list's own order stays the quickest.

    `among` is what `attempts_in` found for the same scope, where it was asked already.
    """
    sessions = _filtered(scope, now, among)
    sessions = sessions.exclude(verdict=Verdict.EXPIRED) if scope.hides_expired else sessions
    return sessions.filter(handled_at=None) if scope.hides_handled else sessions


def attempts_in(scope: Scope) -> Listed | None:
    """Return the sessions of a list of attempts, looked up once for all that is asked of it; None: it is of sessions."""
    return None if scope.ended is None else listed(scope.ended)


def count_of(scope: Scope, now: datetime, among: Listed | None = None) -> CappedCount:
    """Return how many the list shows; millions that are hidden are not looked at one by one."""
    sessions = _filtered(scope, now, among)
    sessions = sessions.filter(verdict__in=UNEXPIRED) if scope.hides_expired else sessions
    counted, handled = capped_count(sessions), handled_of(scope, now)
    if among is not None and among.is_more:
        return CappedCount(counted.number, is_more=True)
    if not handled.number:
        return counted
    if counted.is_more or handled.is_more:
        return capped_count(sessions.filter(handled_at=None))
    return CappedCount(counted.number - handled.number, is_more=False)


def hidden_of(scope: Scope, now: datetime) -> CappedCount:
    """Return how many expired sessions the list leaves out; none of them is handled, for they have no cause."""
    if not scope.hides_expired:
        return CappedCount(0, is_more=False)
    return capped_count(_filtered(scope, now).filter(verdict=Verdict.EXPIRED))


def handled_of(scope: Scope, now: datetime) -> CappedCount:
    """Return how many sessions the list leaves out because somebody dealt with them."""
    if not scope.hides_handled:
        return CappedCount(0, is_more=False)
    handled = _filtered(scope, now).filter(handled_at__isnull=False)
    return capped_count(handled.exclude(verdict=Verdict.EXPIRED) if scope.hides_expired else handled)


def _filtered(scope: Scope, now: datetime, among: Listed | None = None) -> QuerySet[SessionEntry]:
    sessions = _sharing(scope.incident) if scope.incident else _present(scope)
    if (found := among or attempts_in(scope)) is not None:
        sessions = sessions.filter(pk__in=found.sessions)
    if scope.left:
        sessions = _left(sessions, scope.left)
    if scope.handled == "yes":
        sessions = sessions.filter(handled_at__isnull=False)
    if scope.status == OTHER_STATUS:
        sessions = sessions.exclude(status__in=STATUSES)
    status = "" if scope.status == OTHER_STATUS else scope.status
    exact = {"status": status, "verdict": scope.verdict, "cause": scope.cause, "user_id": scope.user}
    sessions = sessions.filter(**{name: value for name, value in exact.items() if value})
    if scope.age:
        sessions = sessions.filter(listed_at__gte=now - AGES[scope.age])
    return sessions.filter(_matching(scope.q)) if scope.q else sessions


def _present(scope: Scope) -> QuerySet[SessionEntry]:
    """Return what is in the host's table; with attempts also what is gone from it since, for they were counted."""
    return SessionEntry.objects.filter(gone_at=None) if scope.ended is None else SessionEntry.objects.all()


def _sharing(number: str) -> QuerySet[SessionEntry]:
    """Return the sessions of an incident. None of them is gone, and not to ask for that leaves the planner one index."""
    shared = _hash_of(number)
    return SessionEntry.objects.none() if shared is None else SessionEntry.objects.filter(shared_hash=shared)


def _left(sessions: QuerySet[SessionEntry], number: str) -> QuerySet[SessionEntry]:
    """Return those that were part of an incident, and are no more."""
    shared = _hash_of(number)
    left = SessionEntry.objects.none() if shared is None else sessions.filter(leavings__shared_hash=shared)
    return left.exclude(shared_hash=shared)


def _hash_of(number: str) -> int | None:
    return Incident.objects.filter(pk=int(number)).values_list("shared_hash", flat=True).first()


def _matching(text: str) -> Q:
    """Match a user's id, or the beginning of a session's id or of a file's name (a path counts by its last part)."""
    name = text.split("?", 1)[0].rstrip("/").rsplit("/", 1)[-1] or text
    return Q(user_id=text) | _begins("key", text) | _begins("file_name", name)


def _begins(column: str, text: str) -> Q:
    """Return `column` begins with `text`: as a range where the order is by code point, so that an index serves it."""
    if connection.vendor == "postgresql":
        return Q(**{f"{column}__startswith": text})
    return Q(**{f"{column}__gte": text, f"{column}__lt": text + LAST_CHARACTER})


def session_with_id(text: str) -> SessionEntry | None:
    """Return the session whose id is exactly this text; one still in the host's table before one that is gone."""
    found = SessionEntry.objects.filter(key=text[:TEXT_LENGTH]).only("key", "gone_at").order_by("id")
    return min(found, key=lambda entry: entry.gone_at is not None, default=None)


def is_user(text: str) -> bool:
    return SessionEntry.objects.filter(user_id=text, gone_at=None).exists()


def page_of(sessions: QuerySet[SessionEntry], *, after: str = "", before: str = "") -> Page:
    """Return the page behind one cursor, newest first. One query; a row more than shown tells whether it goes on."""
    edge = _read_cursor(after or before)
    is_backward = bool(before) and not after and edge is not None
    ordered = sessions.only(*LISTED).order_by(*(("listed_at", "id") if is_backward else ("-listed_at", "-id")))
    if edge is not None:
        ordered = ordered.filter(_beyond(edge, is_backward=is_backward))
    found = list(ordered[: PAGE_SIZE + 1])
    entries, goes_on = found[:PAGE_SIZE], len(found) > PAGE_SIZE
    if is_backward:
        entries.reverse()
    has_newer = goes_on if is_backward else edge is not None
    has_older = True if is_backward else goes_on
    return Page(
        entries,
        newer=_cursor(entries[0]) if entries and has_newer else "",
        older=_cursor(entries[-1]) if entries and has_older else "",
    )


def _beyond(edge: tuple[datetime, int], *, is_backward: bool) -> Q:
    """Two rows of the same second are told apart by their id; the first comparison alone is what an index can use."""
    at, number = edge
    if is_backward:
        return Q(listed_at__gte=at) & (Q(listed_at__gt=at) | Q(id__gt=number))
    return Q(listed_at__lte=at) & (Q(listed_at__lt=at) | Q(id__lt=number))


def _cursor(entry: SessionEntry) -> str:
    return f"{entry.listed_at.isoformat()}~{entry.pk}"


def _read_cursor(text: str) -> tuple[datetime, int] | None:
    moment, _tilde, number = text.partition("~")
    try:
        at = parse_datetime(moment)
    except ValueError:
        return None
    if at is None or at.tzinfo is None or not _number(number):
        return None
    return at, int(number)


def capped_count(sessions: QuerySet[SessionEntry]) -> CappedCount:
    found = sessions.order_by().values("id")[: COUNT_CEILING + 1].count()
    return CappedCount(min(found, COUNT_CEILING), is_more=found > COUNT_CEILING)
