"""What one receiver is to be told of which episodes, and when: grouped, repeated, resolved once, flapping said once."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

# group_wait and group_interval of Alertmanager's defaults (ops research, 1.1).
GROUP_WAIT = timedelta(seconds=30)
GROUP_INTERVAL = timedelta(minutes=5)

FIRING, REPEAT, FLAPPING, RESOLVED = "firing", "repeat", "flapping", "resolved"


@dataclass(frozen=True, slots=True)
class Said:
    """That a receiver is told something of an episode: `at` when it went out (or was made, while it waits).

    `state`: sent, waiting (nothing of it went out yet, so it may still be changed), or lost (given up).
    """

    kind: str
    number: int
    at: datetime
    state: str


@dataclass(frozen=True, slots=True)
class Case:
    """One episode, with what the receiver was told of it.

    `alert` says which episodes belong together (rule, subject, kind). `is_held`: silenced, or explained by another alert.
    """

    episode: int
    alert: tuple[str, str, str]
    fired_at: datetime
    ended_at: datetime | None
    is_held: bool = False
    is_flapping: bool = False
    said: tuple[Said, ...] = ()

    @property
    def told(self) -> list[Said]:
        """What reached the receiver, or still may."""
        return [one for one in self.said if one.state != "lost"]

    def next_number(self, kind: str) -> int:
        return max((one.number + 1 for one in self.said if one.kind == kind), default=0)

    def has(self, *kinds: str) -> bool:
        return any(one.kind in kinds for one in self.told)


@dataclass(frozen=True, slots=True, order=True)
class Line:
    """One episode in a message: firing and resolved of one episode in one message say that it was, and is over."""

    episode: int
    kind: str
    number: int = 0


@dataclass(frozen=True, slots=True)
class Plan:
    """All that the receiver's next message holds (nothing: there is none), and the earliest time that it goes out."""

    lines: tuple[Line, ...]
    at: datetime


def plan(cases: Sequence[Case], *, sent_at: datetime | None, repeat: timedelta, now: datetime) -> Plan:
    """Return what the next message of one receiver says. `sent_at` is when the last one went out.

    What waits stays in the message, unless it is held by now. A repetition is looked at when a message may go out, and
    takes along whatever is due within the interval after it: so it comes up to an interval earlier than it need.
    """
    due_at = max(now, sent_at + GROUP_INTERVAL) if sent_at else now
    waiting = {Line(case.episode, one.kind, one.number) for case in cases for one in _waiting(case)}
    new = {line for group in _groups(cases) for line in _news(group, repeat, now)}
    if due_at <= now or waiting or new:
        by = now if not (waiting or new or _is_any_due(cases, repeat, now)) else now + GROUP_INTERVAL
        new |= {line for group in _groups(cases) for line in _repeats(group, repeat, by)}
    first = min((case.fired_at for case in cases if Line(case.episode, FIRING) in new), default=None)
    wait_until = first + GROUP_WAIT if first else now
    return Plan(tuple(sorted(waiting | new)), max(due_at, wait_until))


def _waiting(case: Case) -> list[Said]:
    return [] if case.is_held else [one for one in case.said if one.state == "waiting"]


def _groups(cases: Sequence[Case]) -> Iterable[list[Case]]:
    """The cases of each alert, the newest last."""
    groups: dict[tuple[str, str, str], list[Case]] = {}
    for case in sorted(cases, key=lambda case: (case.fired_at, case.episode)):
        groups.setdefault(case.alert, []).append(case)
    return groups.values()


def _news(group: list[Case], repeat: timedelta, now: datetime) -> Iterable[Line]:
    newest, flapped_at = group[-1], _flapped_at(group)
    if newest.is_held:
        return
    if newest.is_flapping:
        if flapped_at is None or flapped_at + repeat <= now:
            yield Line(newest.episode, FLAPPING, newest.next_number(FLAPPING))
        return
    for case in group:
        if case.ended_at is None:
            if not case.said and flapped_at is None:
                yield Line(case.episode, FIRING)
        elif _is_to_be_resolved(case, group, flapped_at):
            yield Line(case.episode, RESOLVED)


def _is_to_be_resolved(case: Case, group: list[Case], flapped_at: datetime | None) -> bool:
    """Of what flapped only the newest is resolved: for the receiver it was one thing."""
    if case.has(RESOLVED):
        return False
    if case is group[-1]:
        return flapped_at is not None or case.has(FIRING, REPEAT, FLAPPING)
    last_flap = max(_times(group, FLAPPING), default=None)
    return case.has(FIRING, REPEAT) and (last_flap is None or case.fired_at > last_flap)


def _is_any_due(cases: Sequence[Case], repeat: timedelta, now: datetime) -> bool:
    return any(line for group in _groups(cases) for line in _repeats(group, repeat, now))


def _repeats(group: list[Case], repeat: timedelta, by: datetime) -> Iterable[Line]:
    """What is still so and was said long ago; what was lost, at once."""
    case = group[-1]
    if case.ended_at or case.is_held or case.is_flapping:
        return
    times = [*_times([case]), *_times(group, FLAPPING)]
    if (case.said or times) and (not times or max(times) + repeat <= by):
        yield Line(case.episode, REPEAT, case.next_number(REPEAT))


def _flapped_at(group: list[Case]) -> datetime | None:
    """When the receiver was told last that it flaps, where that was not closed by a resolved one since."""
    last = max(_times(group, FLAPPING), default=None)
    return None if last is None or any(at >= last for at in _times(group, RESOLVED)) else last


def _times(group: Iterable[Case], *kinds: str) -> list[datetime]:
    return [one.at for case in group for one in case.told if not kinds or one.kind in kinds]
