"""The host's parts asked by the worker: those that the settings switch on, side by side, and a sample kept of each."""

from __future__ import annotations

import math
import threading
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime, timedelta

from django.conf import settings

from diagnostics import store
from diagnostics.aside import Aside
from diagnostics.domain.host_parts import UP
from diagnostics.domain.parts import BROKER, CACHE, DATABASE, ENGINE, MOUNT, PARTS
from diagnostics.domain.wording.formatting import safe
from diagnostics.models import PartSample
from diagnostics.part_days import keep_for_page
from diagnostics.probes.parts.asking import ask
from diagnostics.probes.parts.told import PartQuestion, PartTold

# A database is watched for as long as a lock there must last to be called one (probes.parts), and is asked beside that.
SECONDS = {DATABASE: 8.0}
OTHER_SECONDS = 5.0
MOST_CHARACTERS = 300
MOST_VALUES = 40
# Where nobody looked for so long, a state is not known to have lasted.
UNWATCHED = timedelta(hours=1)
NOT_ASKED = ("busy", "stopped")  # another process has the turn, or our own work ends: nothing was learned
NO_ANSWER = PartTold("unknown", "no_answer")
Values = dict[str, float | str | None]
Way = dict[str, object]  # how a part is reached


def watched() -> frozenset[str]:
    """Return which parts are on by the settings."""
    switches = {
        ENGINE: settings.ENGINE_COMMAND,
        DATABASE: settings.WATCH_HOST_DATABASE and settings.HOST_DATABASE_URL,
        CACHE: settings.HOST_CACHE_URL,
        BROKER: settings.HOST_BROKER_URL,
        MOUNT: settings.WATCH_AUDIO_MOUNT and settings.AUDIO_ROOT,
    }
    return frozenset(part for part, switch in switches.items() if switch)


def questions() -> tuple[PartQuestion, ...]:
    """Return what is asked of each part that is on."""
    on = watched()
    return tuple(PartQuestion(part, _seconds(part), WAYS[part]()) for part in PARTS if part in on)


def take_part_samples(now: datetime, stop: threading.Event | None = None) -> list[PartSample]:
    """Ask all parts that are on, and keep one sample of each that told anything; what a page shows is made anew."""
    told = ask_all(questions(), stop)
    if not told:
        return []
    last = last_samples(told)
    rows = {
        part: _sample(part, answer, last.get(part), now)
        for part, answer in told.items()
        if answer.problem not in NOT_ASKED
    }
    PartSample.objects.bulk_create(rows.values())
    newest = last | rows
    keep_for_page([newest[part] for part in told if part in newest], now)
    return list(rows.values())


def ask_all(asked: Iterable[PartQuestion], stop: threading.Event | None = None) -> dict[str, PartTold]:
    """Ask in threads, which use no database of ours; each probe ends by its own limit."""
    under_way = [(question, _begun(question, stop)) for question in asked]
    return {question.part: aside.answer(_patience(question)) or NO_ANSWER for question, aside in under_way}


def last_samples(parts: Iterable[str]) -> dict[str, PartSample]:
    """Return the newest sample of each part."""
    found = {part: PartSample.objects.filter(part=part).order_by("-at", "-id").first() for part in parts}
    return {part: row for part, row in found.items() if row is not None}


def _broker() -> Way:
    return {
        "url": settings.HOST_BROKER_URL,
        "queues": list(settings.HOST_QUEUES),
        "kind": settings.HOST_QUEUE_KIND,
    }


WAYS: dict[str, Callable[[], Way]] = {
    ENGINE: lambda: {"command": settings.ENGINE_COMMAND},
    DATABASE: lambda: {"url": settings.HOST_DATABASE_URL},
    CACHE: lambda: {"url": settings.HOST_CACHE_URL},
    BROKER: _broker,
    MOUNT: lambda: {"path": settings.AUDIO_ROOT, "lock": store.lock_path()},
}


def _seconds(part: str) -> float:
    return float(settings.ENGINE_SECONDS) if part == ENGINE else SECONDS.get(part, OTHER_SECONDS)


def _begun(question: PartQuestion, stop: threading.Event | None) -> Aside[PartTold]:
    locks = str(settings.LOCKS_DIR)
    return Aside(lambda: ask(question, locks=locks, stop=stop))


def _patience(question: PartQuestion) -> float:
    """A probe takes at most about twice its seconds, and what it needs to start; beyond that its thread is left alone."""
    return 2 * question.seconds + 15


def _sample(part: str, told: PartTold, last: PartSample | None, now: datetime) -> PartSample:
    problem = told.problem[: PartSample._meta.get_field("problem").max_length]
    return PartSample(
        part=part,
        at=now,
        state=told.state,
        problem=problem,
        detail=safe(told.detail, MOST_CHARACTERS),
        values=_with_age(_harmless(told.values), last, now),
        since=told.since or (last.since if last and _lasts(last, told.state, problem, now) else now),
        well_at=now if told.state == UP else last.well_at if last else None,
    )


def _lasts(last: PartSample, state: str, problem: str, now: datetime) -> bool:
    return (last.state, last.problem) == (state, problem) and now - last.at <= UNWATCHED


def _harmless(values: Mapping[str, object]) -> Values:
    """Numbers that JSON knows, and short texts without secrets."""
    return {safe(name, 40): _value(value) for name, value in list(values.items())[:MOST_VALUES]}


def _value(value: object) -> float | str | None:
    if isinstance(value, str):
        return safe(value, MOST_CHARACTERS)
    return value if isinstance(value, int | float) and math.isfinite(value) else None


def _with_age(values: Values, last: PartSample | None, now: datetime) -> Values:
    """Where a broker does not tell how old its oldest message is: at least since the same one is seen at its head."""
    head = values.get("head")
    if head is None or values.get("oldest_seconds") is not None:
        return values
    seen = last.values.get("head_since") if last and last.values.get("head") == head else None
    since = datetime.fromisoformat(seen) if isinstance(seen, str) else now
    return {**values, "head_since": since.isoformat(), "oldest_seconds": (now - since).total_seconds()}
