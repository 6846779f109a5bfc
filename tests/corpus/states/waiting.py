"""Pending and generating sessions: the moving queue, and whatever stands still. Each queue is a world of its own."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from diagnostics import notes
from tests.corpus.labels import GENERATING, WAITING, Build, State, alone, broken, not_ready
from tests.corpus.wavs import WHOLE
from tests.corpus.world import DAY, HOUR, MINUTE, NOW, PREFIX, Case, local

WITHIN = "waiting: pending within the limit"
QUEUE = "waiting: or longer, while the queue moves: an earlier session is being generated and moves, and no later one was picked up before it"
LIMIT = "31: pending longer than the limit, and not waiting"
STALLED = "33: generating, nothing moved for the limit, and … it is not known whether one is"
LAGGING = "30: the finished, whole file is there and has not grown for STALL_LIMIT_SECONDS"
PAST = "a time in the future never settles or waits"
NOT_PICKED_UP = broken("worker.not_picked_up")
LONG = 40 * MINUTE


def _behind(moved_seconds_ago: float, *, created: float = HOUR) -> Build:
    """Pending for long, behind a session whose row moved that long ago."""

    def build(case: Case) -> None:
        case.other().unfinished("generating", created=created, updated=moved_seconds_ago)
        case.unfinished("pending", created=LONG)

    return build


def _behind_a_growing_file(case: Case) -> None:
    ahead = case.other()
    ahead.unfinished("generating", created=HOUR)
    ahead.write("{name}.tmp", WHOLE[:3_000], MINUTE)
    case.unfinished("pending", created=LONG)


def _behind_one_that_waits(case: Case) -> None:
    case.other().unfinished("pending", created=HOUR)
    case.unfinished("pending", created=LONG)


def _overtaken(case: Case) -> None:
    case.other(1).unfinished("generating", created=HOUR, updated=MINUTE)
    case.other(2).unfinished("generating", created=LONG / 2, updated=MINUTE)
    case.unfinished("pending", created=LONG)


def _overtaken_by_a_finished_one(case: Case) -> None:
    case.other(1).unfinished("generating", created=HOUR, updated=MINUTE)
    case.other(2).finished(MINUTE * 10, created_at=local(LONG / 2))
    case.unfinished("pending", created=LONG)


def _others_wait_too(case: Case) -> None:
    case.other(1).unfinished("generating", created=HOUR, updated=MINUTE)
    case.other(2).unfinished("pending", created=LONG + 60)
    case.other(3).unfinished("pending", created=LONG - 60)
    case.unfinished("pending", created=LONG)


def _reset(case: Case) -> Iterator[None]:
    """Reset through this dashboard five minutes ago, after it had failed."""
    case.failed("MemoryError")
    yield
    case.update(status="pending", error_message=None, progress_percentage=0, updated_at=local(5 * MINUTE))
    notes.note_resets([str(case.key)], NOW - timedelta(minutes=5))


def _reset_long_ago(case: Case) -> Iterator[None]:
    case.failed("MemoryError")
    yield
    case.update(status="pending", error_message=None, progress_percentage=0, updated_at=local(LONG))
    notes.note_resets([str(case.key)], NOW - timedelta(seconds=LONG))


def _created_in_the_future(case: Case) -> Iterator[None]:
    case.unfinished("pending", created=-3 * HOUR)
    yield


def _generating_in_the_future(case: Case) -> Iterator[None]:
    case.unfinished("generating", created=2 * HOUR, updated=-3 * HOUR)
    yield


def _seen_still(case: Case) -> Iterator[None]:
    case.unfinished("generating", created=2 * HOUR)
    yield


def _temporary_file_stands_still(case: Case) -> Iterator[None]:
    case.unfinished("generating", created=2 * HOUR)
    case.write("{name}.part", WHOLE[:3_000], HOUR + 60)
    yield


def _finished_file(status: str, *, age: float, path: str | None, **times: float) -> Build:
    def build(case: Case) -> None:
        case.write("{name}", WHOLE, age)
        case.unfinished(status, final_file_path=PREFIX + case.name if path else None, **times)

    return build


def _cut_file_stands_still(case: Case) -> Iterator[None]:
    case.unfinished("generating", created=2 * HOUR, final_file_path=PREFIX + case.name)
    case.write("{name}", WHOLE[:9_000], HOUR + 60)
    yield


def _id_used_again(case: Case) -> None:
    """A file of the id's former life: it is no finished file of this session."""
    case.write("long_sequence_{key}_20250801_090000.wav", WHOLE, 24 * DAY)
    case.unfinished("pending", created=MINUTE)


STATES: tuple[State, ...] = (
    State("pending_for_five_minutes", lambda case: case.unfinished("pending", created=5 * MINUTE), WAITING, WITHIN),
    State("pending_for_a_second", lambda case: case.unfinished("pending", created=1), WAITING, WITHIN),
    State(
        "pending_alone_for_long",
        lambda case: case.unfinished("pending", created=LONG),
        NOT_PICKED_UP,
        LIMIT,
        alone("q1"),
    ),
    State("pending_behind_a_moving_one", _behind(2 * MINUTE), WAITING, QUEUE, alone("q2")),
    State("pending_behind_a_growing_file", _behind_a_growing_file, WAITING, QUEUE, alone("q3")),
    State("pending_behind_a_stalled_one", _behind(50 * MINUTE), NOT_PICKED_UP, QUEUE, alone("q4")),
    State("pending_before_the_moving_one", _behind(MINUTE, created=LONG / 2), NOT_PICKED_UP, QUEUE, alone("q5")),
    State("pending_overtaken", _overtaken, NOT_PICKED_UP, QUEUE, alone("q6")),
    State("pending_overtaken_by_a_finished_one", _overtaken_by_a_finished_one, NOT_PICKED_UP, QUEUE, alone("q7")),
    State("pending_among_others", _others_wait_too, WAITING, QUEUE, alone("q8")),
    State(
        "pending_behind_pending_only",
        _behind_one_that_waits,
        NOT_PICKED_UP,
        QUEUE,
        alone("q9"),
    ),
    State(
        "pending_since_a_reset",
        _reset,
        WAITING,
        "pending time counts from the later of created_at and the last reset known to us",
        alone("q10"),
    ),
    State(
        "pending_long_since_a_reset",
        _reset_long_ago,
        NOT_PICKED_UP,
        "pending time counts from … the last reset known to us",
        alone("q11"),
    ),
    State(
        "pending_from_the_future",
        _created_in_the_future,
        broken("worker.not_picked_up", "record.time_disorder"),
        PAST,
        alone("q12"),
    ),
    State("generating_seen_still", _seen_still, broken("worker.stalled"), STALLED),
    State(
        "generating_unseen_and_still",
        lambda case: case.unfinished("generating", created=2 * HOUR, updated=HOUR),
        broken("worker.stalled"),
        STALLED,
    ),
    State(
        "generating_from_the_future", _generating_in_the_future, broken("worker.stalled", "record.time_disorder"), PAST
    ),
    State("generating_temporary_file_still", _temporary_file_stands_still, broken("worker.stalled"), STALLED),
    State("generating_cut_file_still", _cut_file_stands_still, broken("worker.stalled"), STALLED),
    State(
        "lagging_generating",
        _finished_file("generating", age=20 * MINUTE, path="yes", created=HOUR, updated=5 * MINUTE),
        broken("record.status_lagging"),
        LAGGING,
    ),
    State(
        "lagging_generating_no_path",
        _finished_file("generating", age=20 * MINUTE, path=None, created=HOUR, updated=5 * MINUTE),
        broken("record.status_lagging"),
        LAGGING,
    ),
    State(
        "lagging_pending",
        _finished_file("pending", age=16 * MINUTE, path=None, created=HOUR, updated=5 * MINUTE),
        broken("record.status_lagging", "worker.not_picked_up"),
        LAGGING,
        alone("q13"),
    ),
    State(
        "lagging_and_still",
        _finished_file("generating", age=HOUR, path="yes", created=2 * HOUR, updated=HOUR),
        broken("record.status_lagging", "worker.stalled"),
        "order is precedence: 30 before 33",
    ),
    State(
        "not_lagging_yet",
        _finished_file("generating", age=10 * MINUTE, path="yes", created=HOUR, updated=5 * MINUTE),
        GENERATING,
        LAGGING,
    ),
    State(
        "pending_with_a_file_of_a_former_life",
        _id_used_again,
        not_ready("waiting", "file.predates_session"),
        "48: the file is older than its session (an id used again): never linked",
    ),
)
