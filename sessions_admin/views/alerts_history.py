"""What happened, for the page of alerts: a lane a rule over the last days, and the episodes as rows, which say the same."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils import timezone
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from diagnostics.alerts.reading import Gap, History, levels_from
from diagnostics.domain.alerts.rules import BY_NAME, RULES, Levels
from diagnostics.domain.wording import alerts as wording
from diagnostics.models import Episode
from diagnostics.templatetags.charts import Bar
from diagnostics.templatetags.formats import NOTHING, duration, exact

WIDTH, HEIGHT = 1000.0, 14.0
THINNEST = 3.0  # an episode of a minute is seen in a month, too
MOST_TICKS = 8


@dataclass(frozen=True, slots=True)
class Lane:
    """One rule over the time shown: its episodes and where it was not evaluated. `told` says so in words."""

    rule: str
    title: str
    bars: tuple[Bar, ...]
    number: int
    told: str


@dataclass(frozen=True, slots=True)
class Tick:
    """The beginning of a day on the axis."""

    x: float
    at: datetime


@dataclass(frozen=True, slots=True)
class EpisodeRow:
    """One episode as a row. `lasted_seconds` of one that lasts goes to now."""

    row: Episode
    title: str
    subject: str
    peak: str
    lasted_seconds: float
    is_over: bool
    is_error: bool


def lanes(found: History, rule: str) -> list[Lane]:
    """Return a lane for each rule (or the one chosen), in the order of the rules."""
    names = [rule] if rule else [known.name for known in RULES]
    strangers = sorted({episode.rule for episode in found.episodes} - set(names)) if not rule else []
    return [_lane(name, found) for name in (*names, *strangers)]


def ticks(found: History) -> list[Tick]:
    """Return where days begin, in the viewer's time zone; of many days only some."""
    day = timezone.localtime(found.since).replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=1)
    step = max(1, round((found.until - found.since).days / MOST_TICKS))
    days = []
    while day < found.until:
        days.append(Tick(_x(day, found), day))
        day += timedelta(days=step)
    return days


def episode_rows(found: Sequence[Episode], now: datetime) -> list[EpisodeRow]:
    return [_row(episode, now) for episode in found]


def peak_of(episode: Episode) -> str:
    """Return an episode's worst value, as exact as the levels of then need; a state that is not in order has none."""
    if episode.rule in BY_NAME and not BY_NAME[episode.rule].has_levels:
        return NOTHING
    return wording.value_text(episode.rule, episode.peak, get_language() or "en", kept_levels(episode))


def kept_levels(episode: Episode) -> Levels:
    """Return the levels in force when it fired."""
    known = BY_NAME.get(episode.rule)
    return levels_from(episode.levels or {}, known.levels if known else Levels(0, 0))


def _row(episode: Episode, now: datetime) -> EpisodeRow:
    language = get_language() or "en"
    return EpisodeRow(
        row=episode,
        title=wording.title(episode.rule, language),
        subject=wording.subject_text(episode.rule, episode.subject, language),
        peak=peak_of(episode),
        lasted_seconds=((episode.ended_at or now) - episode.begun_at).total_seconds(),
        is_over=episode.ended_at is not None,
        is_error=episode.kind == Episode.Kind.ERROR,
    )


def _lane(rule: str, found: History) -> Lane:
    mine = [episode for episode in found.episodes if episode.rule == rule]
    gaps = [gap for gap in found.gaps if gap.rule in (None, rule)]
    title = wording.title(rule, get_language() or "en")
    number, spaces = len(mine), len(gaps)
    fired = ngettext("%(n)s episode", "%(n)s episodes", number) % {"n": number}
    unseen = ngettext("not evaluated %(n)s time", "not evaluated %(n)s times", spaces) % {"n": spaces}
    told = f"{title} · {fired}{f' · {unseen}' if spaces else ''}"
    return Lane(rule, title, (*_gap_bars(gaps, found), *_episode_bars(mine, found)), len(mine), told)


def _gap_bars(gaps: Iterable[Gap], found: History) -> Iterable[Bar]:
    for gap in gaps:
        told = _("not evaluated, {since} to {until}")
        told = told.replace("{since}", exact(gap.since)).replace("{until}", exact(gap.until))
        yield _bar(gap.since, gap.until, "unknown", told, found)


def _episode_bars(mine: Sequence[Episode], found: History) -> Iterable[Bar]:
    for episode in reversed(mine):
        until = episode.ended_at or found.until
        lasted = duration((until - episode.begun_at).total_seconds())
        tone = "expired" if episode.kind == Episode.Kind.ERROR else "broken"
        yield _bar(episode.begun_at, until, tone, f"{exact(episode.begun_at)} · {lasted}", found)


def _bar(since: datetime, until: datetime, tone: str, title: str, found: History) -> Bar:
    x, end = _x(since, found), _x(until, found)
    width = max(end - x, THINNEST)
    height = HEIGHT if tone == "unknown" else HEIGHT - 2
    return Bar(round(min(x, WIDTH - width), 2), (HEIGHT - height) / 2, round(width, 2), height, tone, title)


def _x(at: datetime, found: History) -> float:
    share = (at - found.since) / (found.until - found.since)
    return round(WIDTH * min(max(share, 0.0), 1.0), 2)
