"""What is said of sessions while the audio root cannot be trusted."""

from __future__ import annotations

import shutil
from collections.abc import Iterator

from tests.corpus.labels import WAITING, State, World, failed, not_ready, unknown
from tests.corpus.world import DAY, HOUR, Case

COMPLETED = "1, 2: completed sessions"
FAILED = "for a failed one 1 is a further finding"
OPEN = "pending and generating keep their state"


def _vanish(case: Case) -> None:
    shutil.rmtree(case.root)


def _become_a_file(case: Case) -> None:
    shutil.rmtree(case.root)
    case.root.write_bytes(b"")


def _empty(case: Case) -> None:
    for path in case.root.iterdir():
        path.unlink()


MISSING = World("root_missing", prepare=_vanish)
NO_FOLDER = World("root_is_a_file", prepare=_become_a_file)
EMPTY = World("root_suddenly_empty", prepare=_empty)
UNSET = World("root_not_configured", (("AUDIO_ROOT", ""),))
AWAY = unknown("storage.unavailable")


def _known(case: Case) -> Iterator[None]:
    case.session()
    yield


def _of(name: str, world: World) -> tuple[State, ...]:
    return (
        State(f"{name}_completed", _known, AWAY, COMPLETED, world),
        State(f"{name}_completed_unseen", lambda case: case.session(at=None), AWAY, COMPLETED, world),
        State(
            f"{name}_failed",
            lambda case: case.failed("MemoryError"),
            failed("generation.out_of_memory", "storage.unavailable"),
            FAILED,
            world,
        ),
        State(f"{name}_pending", lambda case: case.unfinished("pending", created=60), WAITING, OPEN, world),
        State(
            f"{name}_generating",
            lambda case: case.unfinished("generating", created=HOUR, updated=300),
            not_ready("generating"),
            OPEN,
            world,
        ),
        State(
            f"{name}_generating_still",
            lambda case: case.unfinished("generating", created=DAY, updated=5 * HOUR),
            not_ready("generating"),
            f"{OPEN}; a file of its own may grow where nobody can look",
            world,
        ),
        State(
            f"{name}_unknown_status",
            lambda case: case.session(at=None, status="x"),
            unknown("record.unknown_status"),
            "3",
            world,
        ),
        State(
            f"{name}_odd_progress",
            lambda case: case.session(at=None, progress_percentage=70),
            unknown("storage.unavailable", "record.progress_odd"),
            "46: as found",
            world,
        ),
        State(
            f"{name}_unsafe",
            lambda case: case.session(at=None, path="/etc/passwd"),
            unknown("storage.unavailable", "path.unsafe", "path.bad_name"),
            "order is precedence: 1 before 4",
            world,
        ),
    )


STATES: tuple[State, ...] = (
    *_of("root_missing", MISSING),
    *_of("root_is_a_file", NO_FOLDER),
    *_of("root_suddenly_empty", EMPTY),
    *_of("root_not_configured", UNSET),
)
