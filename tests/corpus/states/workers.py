"""Crashed or stalled: generating sessions of hosts whose generators are alive, stopped, gone, or known by a heartbeat."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import uuid
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager

from tests.corpus.labels import GENERATING, WAITING, Build, State, World, broken, not_ready
from tests.corpus.wavs import WHOLE
from tests.corpus.world import COLUMNS, HOUR, MINUTE, PREFIX, Case, local

CRASHED = broken("worker.crashed", confidence="likely")
STALLED = broken("worker.stalled", confidence="likely")
UNSURE = broken("worker.stalled", confidence="possible")
GONE = "32: generating, nothing moved for the limit, and no generator process (or heartbeat) is alive"
ALIVE = "33: generating, nothing moved for the limit, and a generator is alive"
UNKNOWN = "33: … or it is not known whether one is"
MOVING = "generating: generating, and something moved within the limit"
LIMIT = "STALL_LIMIT_SECONDS 900 (no change of updated_at, of progress, or of the growing file)"
FUTURE = "a time in the future never settles or waits"
PATTERN = f"corpus-generator-{uuid.uuid4().hex}"


@contextmanager
def _generator(*signals: signal.Signals) -> Iterator[None]:
    """A process of the pattern, sent these signals."""
    process = subprocess.Popen([sys.executable, "-I", "-S", "-c", "import time; time.sleep(600)", PATTERN])
    for number in signals:
        os.kill(process.pid, number)
    try:
        yield
    finally:
        process.kill()
        process.wait()


def _host(
    name: str, *, company: Callable[[], AbstractContextManager[object]] | None = None, beats: bool = False, **more: str
) -> World:
    columns = COLUMNS + ", heartbeat_at DATETIME" if beats else None
    return World(name, tuple(more.items()), columns=columns, company=company)


NOBODY = _host("no_generator", GENERATOR_PROCESS=PATTERN)
SOMEBODY = _host("a_generator", company=_generator, GENERATOR_PROCESS=PATTERN)
STOPPED = _host("a_stopped_generator", company=lambda: _generator(signal.SIGSTOP), GENERATOR_PROCESS=PATTERN)
BEATS = _host("heartbeats", beats=True)
BEATS_ALONE = _host("heartbeats_no_generator", beats=True, GENERATOR_PROCESS=PATTERN)
BEATS_TOO = _host("heartbeats_and_a_generator", company=_generator, beats=True, GENERATOR_PROCESS=PATTERN)


def _still(*, updated: float = HOUR, **row: object) -> Build:
    return lambda case: case.unfinished("generating", created=2 * HOUR, updated=updated, **row)


def _beat(seconds_ago: float | None) -> Build:
    return _still(heartbeat_at=None if seconds_ago is None else local(seconds_ago))


def _with_file(age: float, at: str = "{name}.tmp", content: bytes = WHOLE[:3_000]) -> Build:
    def build(case: Case) -> None:
        case.unfinished("generating", created=2 * HOUR, updated=HOUR)
        case.write(at, content, age)

    return build


def _named_file_grows(case: Case) -> None:
    case.unfinished("generating", created=2 * HOUR, updated=HOUR, final_file_path=PREFIX + "piece.wav")
    case.write("piece.wav", WHOLE[:3_000], 5)


def _grew(modified: float, size: int = 6_000) -> Build:
    """A partial file, as large as this now, that the earlier pass saw with half of it."""

    def build(case: Case) -> Iterator[None]:
        case.unfinished("generating", created=3 * HOUR)
        case.write("{name}.tmp", WHOLE[:3_000], 2 * HOUR)
        yield
        case.write("{name}.tmp", WHOLE[:size], modified)

    return build


def _progressed(case: Case) -> Iterator[None]:
    case.unfinished("generating", created=3 * HOUR)
    yield
    case.update(progress_percentage=41)


def _put_there(case: Case) -> Iterator[None]:
    """A file of an old date that appeared since the earlier pass: nobody saw it grow."""
    case.unfinished("generating", created=3 * HOUR)
    yield
    case.write("{name}.tmp", WHOLE[:3_000], 2 * HOUR)


STATES: tuple[State, ...] = (
    State("crashed_untouched", _still(), CRASHED, GONE, NOBODY),
    State("crashed_with_its_partial_file", _with_file(HOUR), CRASHED, GONE, NOBODY),
    State("crashed_just_beyond_the_limit", _still(updated=15 * MINUTE + 1), CRASHED, LIMIT, NOBODY),
    State("not_crashed_at_the_limit", _still(updated=15 * MINUTE), GENERATING, LIMIT, NOBODY),
    State("not_crashed_file_grew_now", _with_file(5), GENERATING, MOVING, NOBODY),
    State("not_crashed_part_file_grew_now", _with_file(5, "{name}.part"), GENERATING, MOVING, NOBODY),
    State("not_crashed_final_name_grew_now", _with_file(5, "{name}"), GENERATING, MOVING, NOBODY),
    State("not_crashed_named_file_grew_now", _named_file_grows, not_ready("generating", "path.bad_name"), MOVING, NOBODY),
    State("not_crashed_grew_by_size_alone", _grew(2 * HOUR), GENERATING, MOVING, NOBODY),
    State("not_crashed_grew_dated_ahead", _grew(-2 * HOUR), GENERATING, MOVING, NOBODY),
    State("crashed_grew_long_ago", _grew(20 * MINUTE), CRASHED, LIMIT, NOBODY),
    State("crashed_file_was_cut", _grew(2 * HOUR, 2_000), CRASHED, LIMIT, NOBODY),
    State("crashed_file_was_put_there", _put_there, CRASHED, LIMIT, NOBODY),
    State("not_crashed_progressed", _progressed, GENERATING, MOVING, NOBODY),
    State("crashed_updated_in_the_future", _still(updated=-2 * HOUR), broken("worker.crashed", "record.time_disorder"),
          FUTURE, NOBODY),
    State("crashed_file_in_the_future", _with_file(-2 * HOUR), CRASHED, FUTURE, NOBODY),
    State("crashed_yet_finished", _with_file(HOUR, "{name}", WHOLE), broken("record.status_lagging", "worker.crashed"),
          "order is precedence: 30 before 32", NOBODY),
    State("waiting_without_a_generator", lambda case: case.unfinished("pending", created=5 * MINUTE), WAITING,
          "waiting: pending within the limit", NOBODY),
    State("stalled_generator_alive", _still(), STALLED, ALIVE, SOMEBODY),
    State("stalled_generator_alive_partial_file", _with_file(HOUR), STALLED, ALIVE, SOMEBODY),
    State("not_stalled_generator_alive", _with_file(5), GENERATING, MOVING, SOMEBODY),
    State("stalled_generator_stopped", _still(), STALLED, ALIVE, STOPPED),
    State("stalled_beating", _beat(20), STALLED, ALIVE, BEATS),
    State("crashed_beat_ended", _beat(16 * MINUTE), CRASHED, GONE, BEATS),
    State("stalled_never_beat", _beat(None), UNSURE, UNKNOWN, BEATS),
    State("stalled_beat_in_the_future", _beat(-HOUR), UNSURE, UNKNOWN, BEATS),
    State("not_crashed_beat_ended_file_grew", lambda case: (_beat(HOUR)(case), case.write("{name}.tmp", WHOLE[:9], 5)),
          GENERATING, MOVING, BEATS),
    State("stalled_beating_without_a_process", _beat(20), STALLED, ALIVE, BEATS_ALONE),
    State("crashed_neither_beat_nor_process", _beat(HOUR), CRASHED, GONE, BEATS_ALONE),
    State("crashed_never_beat_no_process", _beat(None), CRASHED, GONE, BEATS_ALONE),
    State("stalled_process_alive_beat_ended", _beat(HOUR), STALLED, ALIVE, BEATS_TOO),
    State("stalled_unknown_untouched", _still(), UNSURE, UNKNOWN),
    State("stalled_unknown_partial_file", _with_file(HOUR), STALLED, UNKNOWN),
)  # fmt: skip
