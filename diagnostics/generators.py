"""The generator's processes: looked at within a time limit, and kept, so that one that is gone can be told of."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterable
from contextlib import suppress
from datetime import datetime

from django.conf import settings

from diagnostics.domain.processes import FormerGenerator, ProcessFacts, is_same
from diagnostics.models import GeneratorSighting
from diagnostics.probes import processes
from diagnostics.probes.processes import ProcessListUnreadable, Running
from diagnostics.probes.resources import redacted

PASS_SECONDS = 10.0
LIVE_SECONDS = 0.5
MOST_FORMER = 20
LOOKING = threading.Lock()
Former = tuple[FormerGenerator, ...]
Ask = Callable[[Callable[[], Former]], Former | None]


def look(now: datetime, *, seconds: float = LIVE_SECONDS, ask: Ask = lambda question: question()) -> ProcessFacts:
    """Return which generators are alive, and which samples saw that are gone. Writes nothing.

    `ask` puts a question to our own database; where it returns None, nothing is known of who was seen before.
    """
    found, problem = _found(seconds)
    if problem:
        return ProcessFacts(problem, observed_at=now)
    return ProcessFacts("", tuple(one.generator for one in found), ask(lambda: _gone(found, now)) or (), now)


def note_sightings(now: datetime, *, seconds: float = PASS_SECONDS) -> None:
    """Keep who is alive now; who is missed from now on is marked. Where nobody can tell, nothing is written."""
    found, problem = _found(seconds)
    if problem:
        return
    present = list(GeneratorSighting.objects.filter(missed_at=None))
    seen = [row for row in present if _is_among(row, found)]
    gone = [row.pk for row in present if row not in seen and _is_gone(row)]
    GeneratorSighting.objects.filter(pk__in=[row.pk for row in seen]).update(seen_at=now)
    GeneratorSighting.objects.filter(pk__in=gone).update(missed_at=now)
    GeneratorSighting.objects.bulk_create(_sighting(one, now) for one in found if not _is_known(one, seen))


def _found(seconds: float) -> tuple[tuple[Running, ...], str]:
    """Who is alive, and why it is not known. A process that hangs in the kernel can hold up whoever reads of it.

    So one thread at a time reads, and while one is held up nobody else waits longer than its own limit.
    """
    pattern: str = settings.GENERATOR_PROCESS
    if not pattern:
        return (), "not_configured"
    answers: list[tuple[tuple[Running, ...], str]] = []
    if not LOOKING.acquire(timeout=seconds):
        return (), "timeout"
    thread = threading.Thread(target=_read, args=(pattern, answers), daemon=True)
    try:
        thread.start()
    except RuntimeError:  # no thread can be had
        LOOKING.release()
        return (), "unreadable"
    thread.join(seconds)
    return answers[0] if answers else ((), "timeout")


def _read(pattern: str, answers: list[tuple[tuple[Running, ...], str]]) -> None:
    try:
        answers.append((processes.find(pattern), ""))
    except ProcessListUnreadable as error:
        logging.getLogger(__name__).warning("the process list could not be read: %s", error)
        answers.append(((), "unreadable"))
    finally:
        LOOKING.release()


def _gone(found: Iterable[Running], now: datetime) -> tuple[FormerGenerator, ...]:
    """The sightings of late whose processes are no more; one that only the pattern knows no longer is not gone."""
    rows = GeneratorSighting.objects.order_by("-seen_at", "-pk")[:MOST_FORMER]
    return tuple(_former(row, now) for row in rows if not _is_among(row, found) and _is_gone(row))


def _former(row: GeneratorSighting, now: datetime) -> FormerGenerator:
    with suppress(ProcessListUnreadable):
        given_at = processes.started_at(row.pid)
        return FormerGenerator(row.pid, row.name, row.started_at, row.seen_at, row.missed_at or now, given_at)
    return FormerGenerator(row.pid, row.name, row.started_at, row.seen_at, row.missed_at or now)


def _is_among(row: GeneratorSighting, found: Iterable[Running]) -> bool:
    return any(_is_of(row, one) for one in found)


def _is_known(one: Running, rows: Iterable[GeneratorSighting]) -> bool:
    return any(_is_of(row, one) for row in rows)


def _is_of(row: GeneratorSighting, one: Running) -> bool:
    return is_same(row.pid, row.started_at, one.generator.pid, one.generator.started_at)


def _is_gone(row: GeneratorSighting) -> bool:
    """Whether its process is known to be no more; where nobody can tell, it is not."""
    try:
        start = processes.started_at(row.pid)
    except ProcessListUnreadable:
        return False
    return start is None or not is_same(row.pid, row.started_at, row.pid, start)


def _sighting(one: Running, now: datetime) -> GeneratorSighting:
    return GeneratorSighting(
        pid=one.generator.pid,
        started_at=one.generator.started_at,
        name=one.generator.name.encode(errors="backslashreplace").decode()[:64],
        command=redacted(one.command).encode(errors="backslashreplace").decode()[:200],
        first_seen_at=now,
        seen_at=now,
    )
