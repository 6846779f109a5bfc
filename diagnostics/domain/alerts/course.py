"""The course of one rule for one subject, look by look: pending, firing, recovering, and what no data and errors do to it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum

from diagnostics.domain.alerts.rules import MINUTE, Levels, Rule

LONGEST_GAP_SECONDS = 10 * MINUTE  # looks further apart prove nothing of the time between them
OVERTAKEN_SECONDS = 30  # a look by so little older than the last is another evaluator's, not a clock that went back
ERROR_ROUNDS = 2


class ReadingKind(StrEnum):
    VALUE = "value"
    NO_DATA = "no_data"
    ERROR = "error"


class State(StrEnum):
    OK = "ok"
    PENDING = "pending"
    FIRING = "firing"
    RECOVERING = "recovering"
    NO_DATA = "no_data"
    ERROR = "error"


class Event(StrEnum):
    FIRED = "fired"
    ENDED = "ended"
    ERROR_BEGAN = "error_began"
    ERROR_ENDED = "error_ended"


@dataclass(frozen=True, slots=True)
class Reading:
    """What one look at a rule read of one subject.

    `value` is unrounded, in the unit of the rule, and None unless `kind` is value. `sample` is what it was made of, where
    the measure counts any. `problem` is the code of what an error met, or says what was too few ("4 of 10"). `detail`
    holds what else was read: plain values, ready for JSON.
    """

    kind: ReadingKind = ReadingKind.VALUE
    value: float | None = None
    sample: int | None = None
    problem: str = ""
    detail: Mapping[str, object] = field(default_factory=dict)

    @classmethod
    def too_few(cls, sample: int, smallest: int, **detail: object) -> Reading:
        """Return that a smallest sample is not reached."""
        return cls(ReadingKind.NO_DATA, sample=sample, problem=f"{sample} of {smallest}", detail=detail)

    @classmethod
    def error(cls, problem: str, **detail: object) -> Reading:
        return cls(ReadingKind.ERROR, problem=problem, detail=detail)


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a rule stands for a subject, `since` when; the default has never been looked at.

    `breached_since` is the first breach of what is pending or fired, `cleared_since` since when it recovers, `failing_since`
    since when it cannot be evaluated. `has_episode` holds from firing to the end, in no_data and error as well;
    `has_error_episode` while an error lasts that lasted long enough.
    """

    state: State = State.OK
    since: datetime | None = None
    breached_since: datetime | None = None
    cleared_since: datetime | None = None
    failing_since: datetime | None = None
    evaluated_at: datetime | None = None
    has_episode: bool = False
    has_error_episode: bool = False


@dataclass(frozen=True, slots=True)
class Step:
    """Where it stands after a look, and what happened with it."""

    standing: Standing
    events: tuple[Event, ...] = ()


def step(
    standing: Standing, reading: Reading, levels: Levels, rule: Rule, now: datetime, *, round_seconds: float = MINUTE
) -> Step:
    """Return where a rule stands after one look. `round_seconds` is how long the looks are apart when all is well."""
    if _is_overtaken(standing, now):
        return Step(standing)
    is_back = standing.evaluated_at is not None and now < standing.evaluated_at
    is_gap = _is_gap(standing, now, round_seconds)
    known = _begun_anew(standing, now) if is_back or is_gap else standing
    if reading.kind == ReadingKind.ERROR:
        after = _failing(known, now, max(levels.for_seconds, ERROR_ROUNDS * round_seconds), is_back=is_back)
    elif reading.kind == ReadingKind.NO_DATA or reading.value is None:
        after = replace(_evaluated(known), state=State.NO_DATA, cleared_since=None)
        after = after if after.has_episode else replace(after, breached_since=None)
    elif is_breach(reading.value, levels, rule):
        after = _breached(_evaluated(known), now, levels.for_seconds, is_back=is_back)
    elif known.has_episode:
        is_better = is_clear(reading.value, levels, rule)
        after = _recovering(_evaluated(known), now, levels.keep_seconds, is_back=is_back) if is_better else _back(known)
    else:
        after = replace(_evaluated(known), state=State.OK, breached_since=None, cleared_since=None)
    return _told(standing, after, now)


def vanished(standing: Standing, now: datetime) -> Step:
    """Return that nobody asks any more (the subject is not configured, the rule is off): what was open ends at once."""
    return _told(standing, Standing(), now)


def is_breach(value: float, levels: Levels, rule: Rule) -> bool:
    """Strictly beyond the level: exactly at it is well."""
    return value < levels.raise_at if rule.is_low_bad else value > levels.raise_at


def is_clear(value: float, levels: Levels, rule: Rule) -> bool:
    """At the level that ends it, or better."""
    return value >= levels.clear_at if rule.is_low_bad else value <= levels.clear_at


def is_worse(value: float, than: float | None, rule: Rule) -> bool:
    return than is None or (value < than if rule.is_low_bad else value > than)


def _is_overtaken(standing: Standing, now: datetime) -> bool:
    last = standing.evaluated_at
    return last is not None and timedelta() < last - now <= timedelta(seconds=OVERTAKEN_SECONDS)


def _is_gap(standing: Standing, now: datetime, round_seconds: float) -> bool:
    longest = timedelta(seconds=max(LONGEST_GAP_SECONDS, (ERROR_ROUNDS + 1) * round_seconds))
    return standing.evaluated_at is not None and now - standing.evaluated_at > longest


def _begun_anew(standing: Standing, now: datetime) -> Standing:
    """Nothing is known of the time since the last look: what has to last begins now. When an episode began stays."""
    begun = standing.breached_since
    return replace(
        standing,
        since=_not_after(standing.since, now),
        breached_since=_not_after(begun, now) if standing.has_episode else None,
        cleared_since=None,
        failing_since=None,
    )


def _not_after(moment: datetime | None, now: datetime) -> datetime | None:
    return None if moment is None else min(moment, now)


def _evaluated(standing: Standing) -> Standing:
    return replace(standing, failing_since=None, has_error_episode=False)


def _failing(standing: Standing, now: datetime, seconds: float, *, is_back: bool) -> Standing:
    since = standing.failing_since or now
    has_lasted = not is_back and now - since >= timedelta(seconds=seconds)
    return replace(
        standing,
        state=State.ERROR,
        breached_since=standing.breached_since if standing.has_episode else None,
        cleared_since=None,
        failing_since=since,
        has_error_episode=standing.has_error_episode or has_lasted,
    )


def _breached(standing: Standing, now: datetime, for_seconds: float, *, is_back: bool) -> Standing:
    if standing.has_episode:
        return _back(standing)
    since = standing.breached_since or now
    if not is_back and now - since >= timedelta(seconds=for_seconds):
        return replace(standing, state=State.FIRING, breached_since=since, has_episode=True)
    return replace(standing, state=State.PENDING, breached_since=since)


def _back(standing: Standing) -> Standing:
    """The same episode goes on: it is not well, whatever came between."""
    return replace(_evaluated(standing), state=State.FIRING, cleared_since=None)


def _recovering(standing: Standing, now: datetime, keep_seconds: float, *, is_back: bool) -> Standing:
    since = standing.cleared_since or now
    if not is_back and now - since >= timedelta(seconds=keep_seconds):
        return replace(standing, state=State.OK, breached_since=None, cleared_since=None, has_episode=False)
    return replace(standing, state=State.RECOVERING, cleared_since=since)


def _told(before: Standing, after: Standing, now: datetime) -> Step:
    since = after.since if after.state == before.state and after.since is not None else now
    changes = (
        (Event.FIRED, after.has_episode and not before.has_episode),
        (Event.ENDED, before.has_episode and not after.has_episode),
        (Event.ERROR_BEGAN, after.has_error_episode and not before.has_error_episode),
        (Event.ERROR_ENDED, before.has_error_episode and not after.has_error_episode),
    )
    return Step(replace(after, since=since, evaluated_at=now), tuple(event for event, is_so in changes if is_so))
