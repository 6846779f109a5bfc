"""Files that went on purpose: by a clean-up job, by retention, by an action of this dashboard."""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import timedelta

from diagnostics.domain.traces import Reason, Removal
from diagnostics.notes import note_removal, note_restored
from tests.corpus.labels import EXPIRED, OK, SETTLING, State, alone, broken, failed
from tests.corpus.wavs import WHOLE
from tests.corpus.world import DAY, FINISHED, HOUR, MINUTE, NOW, PREFIX, Case, local

RETENTION = alone("retention", LIMITS={"audio_retention_days": 30})
CLEANED = alone("cleaned")
PURGED = "6: moved away by an action of this dashboard, not by retention"
CLEARED = (
    "expired: completed, gone, and older than AUDIO_RETENTION_DAYS, or cleared by a retention policy of this dashboard"
)
MANY = "8: many gone in one interval above one age look like a clean-up job"
GONE = broken("file.purged", confidence="certain")


def _away(case: Case, **told: object) -> None:
    """Half an hour ago somebody moved its file to the quarantine."""
    quarantine = case.root / "quarantine"
    quarantine.mkdir(exist_ok=True)
    os.rename(case.file, quarantine / case.name)
    at = NOW - timedelta(minutes=30)
    values = {"action": "delete_file", "actor": "eve", "at": at, "restorable_until": at + timedelta(days=7), **told}
    note_removal(case.name, Removal(**values))  # type: ignore[arg-type]  # as told


def _purged(case: Case) -> Iterator[None]:
    case.session()
    yield
    _away(case)


def _purged_unseen(case: Case) -> None:
    case.session()
    _away(case)


def _purged_for_good(case: Case) -> Iterator[None]:
    case.session()
    yield
    _away(case, restorable_until=NOW - timedelta(minutes=1))


def _purged_with_odd_progress(case: Case) -> Iterator[None]:
    case.session(progress_percentage=7)
    yield
    _away(case)


def _purged_and_copied(case: Case) -> Iterator[None]:
    case.session()
    yield
    _away(case)
    case.write(f"copy{case.key}/{{name}}")


def _purged_and_restored(case: Case) -> Iterator[None]:
    yield from _purged(case)
    os.rename(case.root / "quarantine" / case.name, case.file)
    note_restored(case.name)


def _purged_and_made_again(case: Case) -> Iterator[None]:
    yield from _purged(case)
    case.write("{name}")


def _purged_of_a_failure(case: Case) -> Iterator[None]:
    case.failed("MemoryError", final_file_path=PREFIX + case.name)
    case.write("{name}")
    yield
    _away(case)


def _purged_just_now(case: Case) -> Iterator[None]:
    case.session()
    yield
    _away(case)
    case.update(updated_at=local(5))


def _purged_long_ago(case: Case) -> Iterator[None]:
    case.finished(40 * DAY)
    yield
    _away(case)


def _cleared_by_policy(case: Case) -> Iterator[None]:
    case.session()
    yield
    _away(case, action="retention", actor="policy", reason=Reason.RETENTION)


def _purged_neighbour(case: Case) -> Iterator[None]:
    case.session()
    case.other().session()
    yield
    case.file.unlink()
    _away(case.other())


def _cleaned_up(case: Case) -> Iterator[None]:
    """Thirty files of two months ago go together with its own."""
    neighbours = [case.other(number) for number in range(1, 31)]
    for number, each in enumerate((case, *neighbours)):
        each.finished(60 * DAY + number * HOUR)
    yield
    for each in (case, *neighbours):
        each.file.unlink()


def _removed_meanwhile(case: Case) -> Iterator[None]:
    case.finished(DAY)
    yield
    case.file.unlink()


def _seen_and_expired(case: Case) -> Iterator[None]:
    case.finished(40 * DAY)
    yield
    case.file.unlink()


def _seen_and_young(case: Case) -> Iterator[None]:
    case.finished(20 * DAY, created_at=local(40 * DAY), modified=20 * DAY + 5)
    yield
    case.file.unlink()


def _directory(case: Case) -> None:
    case.finished(40 * DAY, at=None)
    case.file.mkdir()


STATES: tuple[State, ...] = (
    State("purged", _purged, GONE, PURGED),
    State("purged_and_seen_by_no_pass", _purged_unseen, GONE, PURGED),
    State("purged_for_good", _purged_for_good, GONE, "6: offers restore while it can"),
    State("purged_with_odd_progress", _purged_with_odd_progress, broken("file.purged", "record.progress_odd"), PURGED),
    State("purged_and_copied", _purged_and_copied, broken("file.purged", "file.misplaced"), "order is precedence"),
    State("purged_and_restored", _purged_and_restored, OK, "ok: the file is there, whole, and as the row says"),
    State("purged_and_made_again", _purged_and_made_again, OK, "ok: the file is there, whole, and as the row says"),
    State("purged_of_a_failure", _purged_of_a_failure, failed("generation.out_of_memory"), "6 to 19: completed"),
    State("purged_just_now", _purged_just_now, SETTLING, "settling: causes 5 to 9"),
    State("purged_long_ago", _purged_long_ago, EXPIRED, CLEARED, RETENTION),
    State("cleared_by_policy", _cleared_by_policy, EXPIRED, CLEARED),
    State("deleted_beside_a_purged_one", _purged_neighbour, broken("file.deleted"), PURGED),
    State("cleaned_up", _cleaned_up, broken("file.deleted", confidence="certain"), MANY, CLEANED),
    State("cleaned_up_around_it", lambda case: case.finished(DAY), OK, MANY, CLEANED),
    State("removed_beside_a_clean_up", _removed_meanwhile, broken("file.deleted"), MANY, CLEANED),
    State("retention_seen_and_gone", _seen_and_expired, EXPIRED, CLEARED, RETENTION),
    State("retention_counts_from_its_end", _seen_and_young, broken("file.deleted"), CLEARED, RETENTION),
    State(
        "retention_no_completed_at",
        lambda case: case.finished(40 * DAY, at=None, completed_at=None),
        EXPIRED,
        "host_app: completed_at, else updated_at stands for it",
        RETENTION,
    ),
    State(
        "retention_touched_since",
        lambda case: case.finished(40 * DAY, at=None, updated_at=local(DAY)),
        EXPIRED,
        CLEARED,
        RETENTION,
    ),
    State(
        "retention_no_path",
        lambda case: case.finished(40 * DAY, at=None, path=None),
        broken("path.missing"),
        "5: the path is null (nothing is gone)",
        RETENTION,
    ),
    State(
        "retention_empty_file",
        lambda case: case.finished(40 * DAY, content=b"", final_file_size=len(WHOLE)),
        broken("file.empty"),
        "expired: completed, gone",
        RETENTION,
    ),
    State("retention_folder_at_the_path", _directory, broken("file.not_a_file"), "expired: completed, gone", RETENTION),
    State(
        "retention_of_a_generating_one",
        lambda case: case.unfinished("generating", created=40 * DAY, updated=40 * DAY - 20 * MINUTE),
        broken("worker.stalled"),
        "expired: completed",
        RETENTION,
    ),
    State(
        "misplaced_and_older_than_its_session",
        lambda case: case.session(at="old/{name}", modified=9 * DAY),
        broken("file.misplaced", "file.predates_session"),
        "48: the file is older than its session; 7 comes first",
    ),
    State(
        "stale_error_on_a_file_that_is_gone",
        lambda case: case.session(at=None, error_message="MemoryError", modified=FINISHED),
        broken("file.never_written"),
        "42: completed and whole",
    ),
)
