"""States in which nothing is wrong: ok, generating, settling, expired (waiting has a module of its own)."""

from __future__ import annotations

from collections.abc import Iterator

from tests.corpus.labels import EXPIRED, GENERATING, OK, SETTLING, State, alone, broken, failed, unknown
from tests.corpus.wavs import HEADER_BYTES, WHOLE, wav
from tests.corpus.world import DAY, HOUR, MINUTE, PREFIX, Case, local

RETENTION = alone("retention", LIMITS={"audio_retention_days": 30})
IS_OK = "ok: completed, and the file is there, whole, and as the row says"
MOVES = "generating, and something moved within the limit"
HELD = "a row, or the file it names, changed less than SETTLE_SECONDS ago and causes 5 to 9, 12 to 18, 20 or 30 would apply"
AT_ONCE = "causes 5 to 9, 12 to 18, 20 or 30 … are not called yet: no others are held"
PAST = "a time in the future never settles or waits"
GONE_ON_PURPOSE = "expired: completed, gone, and older than AUDIO_RETENTION_DAYS"


def _progressed(case: Case) -> Iterator[None]:
    case.unfinished("generating", created=2 * HOUR, progress_percentage=40)
    yield
    case.update(progress_percentage=45)


def _temporary_file_grows(case: Case) -> Iterator[None]:
    case.unfinished("generating", created=2 * HOUR)
    case.write("{name}.tmp", WHOLE[:5000], 2 * HOUR)
    yield
    case.write("{name}.tmp", WHOLE[:9000], 2 * MINUTE)


def _final_name_grows(case: Case) -> Iterator[None]:
    case.unfinished("generating", created=2 * HOUR, final_file_path=PREFIX + case.name)
    case.write("{name}", wav(10, data_size=0, riff_size=0), HOUR + 30)
    yield
    case.write("{name}", wav(20, data_size=0, riff_size=0), MINUTE)


def _whole_but_young_file(case: Case) -> None:
    case.unfinished("generating", created=HOUR / 2, updated=5 * MINUTE, progress_percentage=100)
    case.write("{name}", WHOLE, 5 * MINUTE)


def _expired(case: Case, days: float, **row: object) -> None:
    case.finished(days * DAY, **{"at": None, **row})


def _directory_at_once(case: Case) -> None:
    case.finished(10, at=None)
    case.file.mkdir()


def _half_committed_just_now(case: Case) -> None:
    case.failed("No space left on device", updated_at=local(5))
    case.write("{name}", WHOLE, 5)


def _left_settling(case: Case) -> Iterator[None]:
    """The earlier pass met it ten seconds after it was finished; time alone has passed since."""
    case.finished(HOUR + 10, at=None)
    yield


STATES: tuple[State, ...] = (
    State("whole_file", lambda case: case.session(), OK, IS_OK),
    State("no_size_claimed", lambda case: case.session(final_file_size=None), OK, IS_OK),
    State("no_duration_claimed", lambda case: case.session(total_duration_minutes=None), OK, IS_OK),
    State("no_progress_told", lambda case: case.session(progress_percentage=None), OK, "46: completed below 100"),
    State("no_completed_at", lambda case: case.session(completed_at=None), OK, "completed_at: else updated_at stands"),
    State("nobody_asked", lambda case: case.session(user_id=None, assessment_id=None, scene_id=None), OK, IS_OK),
    State("blank_error", lambda case: case.session(error_message=" \n"), OK, "42: an old error message still stands"),
    State("times_of_iso_8601", lambda case: case.session(created_at="2025-08-25T08:30:00Z"), OK, IS_OK),
    State("finished_ten_seconds_ago", lambda case: case.finished(10), OK, IS_OK),
    State(
        "generating_row_moves", lambda case: case.unfinished("generating", created=HOUR, updated=300), GENERATING, MOVES
    ),
    State("generating_for_a_minute", lambda case: case.unfinished("generating", created=60), GENERATING, MOVES),
    State(
        "generating_progress_moves",
        _progressed,
        GENERATING,
        "no change of updated_at, of progress, or of the growing file",
    ),
    State("generating_temporary_file_grows", _temporary_file_grows, GENERATING, MOVES),
    State("generating_final_name_grows", _final_name_grows, GENERATING, MOVES),
    State(
        "generating_whole_file_is_young", _whole_but_young_file, GENERATING, "30: has not grown for STALL_LIMIT_SECONDS"
    ),
    State(
        "generating_at_a_hundred",
        lambda case: case.unfinished("generating", created=HOUR, updated=60 * 5, progress_percentage=100),
        GENERATING,
        "46: completed below 100, or progress below 0 or above 100",
    ),
    State("settling_no_file", lambda case: case.finished(10, at=None), SETTLING, HELD),
    State("settling_no_path", lambda case: case.finished(10, at=None, path=None), SETTLING, HELD),
    State("settling_empty", lambda case: case.finished(10, content=b"", final_file_size=48_044), SETTLING, HELD),
    State("settling_cut_file", lambda case: case.finished(30, content=WHOLE[:9_000]), SETTLING, HELD),
    State("settling_file_changed", lambda case: case.session(modified=30, final_file_size=1), SETTLING, HELD),
    State("settling_corrupt", lambda case: case.finished(20, content=b"not yet"), SETTLING, HELD),
    State("settling_wrong_duration", lambda case: case.finished(20, total_duration_minutes=2), SETTLING, HELD),
    State("settling_misplaced", lambda case: case.finished(20, at="early/{name}"), SETTLING, HELD),
    State("settled_since", _left_settling, broken("file.never_written"), HELD),
    State("directory_is_not_held", _directory_at_once, broken("file.not_a_file"), AT_ONCE),
    State(
        "unknown_status_is_not_held",
        lambda case: case.finished(10, status="done"),
        unknown("record.unknown_status"),
        AT_ONCE,
    ),
    State(
        "unsafe_path_is_not_held",
        lambda case: case.finished(10, at=None, path="/etc/passwd"),
        broken("path.unsafe", "path.bad_name"),
        AT_ONCE,
    ),
    State(
        "bare_name_is_not_held", lambda case: case.finished(10, path="{name}"), broken("delivery.wrong_url"), AT_ONCE
    ),
    State(
        "failed_reason_is_not_held",
        lambda case: case.failed("No space left on device", updated_at=local(5)),
        failed("generation.disk_full"),
        "a failed row's reason is never held back",
    ),
    State(
        "half_committed_is_held",
        _half_committed_just_now,
        failed("generation.disk_full"),
        HELD,
    ),
    State(
        "finished_in_the_future",
        lambda case: case.session(at=None, updated_at=local(-HOUR), completed_at=None),
        broken("file.never_written", "record.time_disorder"),
        PAST,
    ),
    State(
        "file_of_the_future",
        lambda case: case.session(modified=-HOUR, final_file_size=7),
        broken("file.size_mismatch"),
        PAST,
    ),
    State("retention_gone", lambda case: _expired(case, 40), EXPIRED, GONE_ON_PURPOSE, RETENTION),
    State(
        "retention_gone_too_young",
        lambda case: _expired(case, 20),
        broken("file.never_written"),
        GONE_ON_PURPOSE,
        RETENTION,
    ),
    State("retention_still_there", lambda case: case.finished(40 * DAY), OK, GONE_ON_PURPOSE, RETENTION),
    State(
        "retention_cut_file",
        lambda case: case.finished(40 * DAY, content=WHOLE[: HEADER_BYTES + 500]),
        broken("file.truncated"),
        GONE_ON_PURPOSE,
        RETENTION,
    ),
    State(
        "retention_gone_with_odd_progress",
        lambda case: _expired(case, 40, progress_percentage=180),
        EXPIRED,
        "expired: counted, shown, no finding is stored",
        RETENTION,
    ),
    State(
        "retention_moved_to_another_folder",
        lambda case: case.finished(40 * DAY, at="archive/{name}"),
        broken("file.misplaced"),
        "expired: completed, gone",
        RETENTION,
    ),
    State(
        "retention_of_a_failed_session",
        lambda case: case.failed("OSError: [Errno 28]", created_at=local(50 * DAY), updated_at=local(50 * DAY)),
        failed("generation.disk_full"),
        "expired: completed",
        RETENTION,
    ),
    State(
        "expired_without_retention",
        lambda case: _expired(case, 4_000),
        broken("file.never_written", confidence="possible"),
        "AUDIO_RETENTION_DAYS (unset: audio is meant to stay)",
    ),
)
