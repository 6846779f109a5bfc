"""Alerts as the page shows them: what fires as cards, what cannot be told in its own words, what is well in one table."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.contrib.auth.models import AbstractBaseUser, AnonymousUser
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from diagnostics import permissions
from diagnostics.alerts.reading import Place
from diagnostics.domain.alerts.rules import BY_NAME
from diagnostics.domain.wording import alerts as wording
from diagnostics.templatetags.labels import Label
from sessions_admin.alerting.silences import holds
from sessions_admin.models import Silence

Viewer = AbstractBaseUser | AnonymousUser
# What each page needs, and what its link says.
PAGES: dict[str, tuple[str, str | Promise]] = {
    "diagnostics:overview": (permissions.VIEW_FIGURES, _("To the overview")),
    "diagnostics:rates": (permissions.VIEW_FIGURES, _("To the rates")),
    "diagnostics:resources": (permissions.VIEW_SYSTEM, _("To the resources")),
    "diagnostics:session_list": (permissions.VIEW_SESSIONS, _("To these sessions")),
    "diagnostics:pass_list": (permissions.VIEW_SYSTEM, _("To the passes")),
    "diagnostics:incident_list": (permissions.VIEW_SESSIONS, _("To the incidents")),
    "sessions_admin:worker": (permissions.VIEW_SYSTEM, _("To the worker")),
}
QUERIES = {"failures": "?status=failed", "queue_still": "?status=pending"}
LOOKS = {
    "ok": ("playable", "playable"),
    "pending": ("not-ready", "warning"),
    "firing": ("broken", "broken"),
    "recovering": ("history", "not-ready"),
    "no_data": ("unknown", "expired"),
    "error": ("unplug", "expired"),
    "stale": ("history", "expired"),
    "off": ("minus", "expired"),
}


@dataclass(frozen=True, slots=True)
class Link:
    url: str
    word: str | Promise


@dataclass(frozen=True, slots=True)
class Marks:
    """A bar from 0 to 100: how far it is filled, and where the levels lie."""

    fill: float
    raise_at: float
    clear_at: float
    tone: str
    label: str


@dataclass(frozen=True, slots=True)
class Shown:
    """One rule for one subject as it stands. `look` is how its state is drawn: a stale one is drawn as stale."""

    place: Place
    title: str
    subject: str
    sentence: str
    since: datetime
    look: Label
    value: str
    levels: str
    marks: Marks | None
    users_see: str
    first_check: str
    page: Link | None
    incident_url: str
    rule_url: str
    muted_by: str
    silences: tuple[Silence, ...]

    @property
    def anchor(self) -> str:
        return f"alert-{self.place.row.pk}"


def label_of(state: str) -> Label:
    icon, tone = LOOKS.get(state, ("unknown", "unknown"))
    return Label(wording.state_word(state, _language()), icon, tone)


def shown(place: Place, viewer: Viewer, silences: Sequence[Silence]) -> Shown:
    """Return a place for the page, with links to what the viewer may open."""
    row, language = place.row, _language()
    state = "stale" if place.is_stale else "firing" if place.is_firing else row.state
    raised, cleared = (tell(row.rule, language, place.levels) for tell in (wording.raised_text, wording.cleared_text))
    return Shown(
        place=place,
        title=wording.title(row.rule, language),
        subject=wording.subject_text(row.rule, row.subject, language),
        sentence=_sentence(place, language, viewer),
        since=begun(place),
        look=label_of(state),
        value=wording.value_text(row.rule, row.value, language, place.levels),
        levels=("；" if language == "zh-hans" else ", ").join(filter(None, (raised, cleared))),
        marks=_marks(place, language),
        users_see=wording.users_see(row.rule, language),
        first_check=wording.first_check(row.rule, language, row.subject),
        page=page_of(row.rule, viewer),
        incident_url=_incident_url(row.rule, row.subject, viewer),
        rule_url=address("sessions_admin:alert_rule", row.rule),
        muted_by=wording.title(row.muted_by, language) if row.muted_by else "",
        silences=tuple(silence for silence in silences if holds(silence, row.rule, row.subject)),
    )


def begun(place: Place) -> datetime:
    """Return since when what is shown holds: an episode is as old as its first breach."""
    row = place.row
    if place.is_firing and row.episode:
        return row.episode.begun_at
    return row.breached_since or row.since if row.state == "pending" else row.since


def page_of(rule: str, viewer: Viewer) -> Link | None:
    """Return the page to look at first, where there is one and the viewer may open it."""
    name = "sessions_admin:worker" if rule == "worker_silent" else BY_NAME[rule].page if rule in BY_NAME else ""
    permission, word = PAGES.get(name, ("", ""))
    url = address(name) if name else ""
    return Link(url + QUERIES.get(rule, ""), word) if url and viewer.has_perm(permission) else None  # type: ignore[union-attr]


def address(name: str, *arguments: object) -> str:
    """Return an address, '' where the page does not exist."""
    try:
        return reverse(name, args=arguments)
    except NoReverseMatch:
        return ""


def _incident_url(rule: str, subject: str, viewer: Viewer) -> str:
    is_one = rule == "incident_regressed" and subject.isdigit()
    may_see = viewer.has_perm(permissions.VIEW_SESSIONS)  # type: ignore[union-attr]
    return address("diagnostics:incident_detail", int(subject)) if is_one and may_see else ""


def problem_for(problem: str, viewer: Viewer) -> str:
    """Return why there is no value; what is no code but an error's text is for those who may see the system."""
    may_see = viewer.has_perm(permissions.VIEW_SYSTEM)  # type: ignore[union-attr]
    return problem if may_see or not problem or wording.is_known(problem) else "crashed"


def _sentence(place: Place, language: str, viewer: Viewer) -> str:
    """Return how it stands; since when stands beside it."""
    row = place.row
    tell: Callable[..., str] = wording.sentence
    return tell(
        row.rule,
        row.subject,
        row.state,
        value=row.value,
        language=language,
        zone=timezone.get_current_timezone(),
        levels=place.levels,
        sample=row.sample,
        problem=problem_for(row.problem, viewer),
    )


def _marks(place: Place, language: str) -> Marks | None:
    row, rule, levels = place.row, BY_NAME.get(place.row.rule), place.levels
    if rule is None or not rule.has_levels or row.value is None:
        return None
    highest = max(levels.raise_at, levels.clear_at)
    top = 2 * highest if rule.is_low_bad else 1.25 * max(row.value, highest)  # far on the good side is far enough
    top = 100.0 if rule.unit == "percent" else top or 1.0
    fill, raise_at, clear_at = (
        round(100 * min(max(number, 0), top) / top, 1) for number in (row.value, levels.raise_at, levels.clear_at)
    )
    told = wording.raised_text(row.rule, language, levels)
    value = wording.value_text(row.rule, row.value, language, levels)
    tone = "unknown" if place.is_stale else "broken" if place.is_firing else "calm"
    return Marks(fill, raise_at, clear_at, tone, f"{value}, {told}" if language == "en" else f"{value}，{told}")


def _language() -> str:
    return get_language() or "en"
