"""What is wrong with the row alone: statuses, times, and nonsense in any column."""

from __future__ import annotations

from tests.corpus.labels import OK, WAITING, State, broken, failed, not_ready, noticed, unknown
from tests.corpus.world import FINISHED, HOUR, local

STATUS = "3: status is not exactly one of the four"
TIMES = "43: created or updated is null, unparsable, updated before created, or in the future beyond a minute"
DISORDER = noticed("record.time_disorder")
UNKNOWN = unknown("record.unknown_status")

STATES: tuple[State, ...] = (
    State("status_in_capitals", lambda case: case.session(status="COMPLETED"), UNKNOWN, STATUS),
    State("status_with_space", lambda case: case.session(status="completed "), UNKNOWN, STATUS),
    State("status_with_newline", lambda case: case.session(status="failed\n"), UNKNOWN, STATUS),
    State("status_null", lambda case: case.session(status=None), UNKNOWN, STATUS),
    State("status_blank", lambda case: case.session(status=""), UNKNOWN, STATUS),
    State("status_in_chinese", lambda case: case.session(status="已完成"), UNKNOWN, STATUS),
    State("status_number", lambda case: case.session(status=3), UNKNOWN, STATUS),
    State("status_success_no_file", lambda case: case.session(status="success", at=None), UNKNOWN, STATUS),
    State(
        "status_unknown_and_path_unsafe",
        lambda case: case.session(status="archived", at=None, path="/etc/shadow"),
        unknown("record.unknown_status", "path.unsafe", "path.bad_name"),
        "3, 4: any status",
    ),
    State("created_null", lambda case: case.session(created_at=None), DISORDER, TIMES),
    State("updated_null", lambda case: case.session(updated_at=None), DISORDER, TIMES),
    State("created_yesterday", lambda case: case.session(created_at="yesterday"), DISORDER, TIMES),
    State("created_february_31", lambda case: case.session(created_at="2025-02-31 10:00:00"), DISORDER, TIMES),
    State("created_zero_date", lambda case: case.session(created_at="0000-00-00 00:00:00"), DISORDER, TIMES),
    State("created_blank", lambda case: case.session(created_at=""), DISORDER, TIMES),
    State(
        "updated_before_created",
        lambda case: case.session(created_at=local(FINISHED), updated_at=local(FINISHED + 300), modified=FINISHED - 5),
        DISORDER,
        TIMES,
    ),
    State("updated_in_two_hours", lambda case: case.session(updated_at=local(-2 * HOUR)), DISORDER, TIMES),
    State(
        "updated_in_half_a_minute",
        lambda case: case.session(updated_at=local(-30)),
        OK,
        "43: in the future beyond a minute",
    ),
    State(
        "failed_with_disorder",
        lambda case: case.failed("MemoryError", created_at=None),
        failed("generation.out_of_memory", "record.time_disorder"),
        TIMES,
    ),
    State(
        "pending_with_odd_progress",
        lambda case: case.unfinished("pending", created=60, progress_percentage=180),
        not_ready("waiting", "record.progress_odd"),
        "46: progress below 0 or above 100; verdict as found",
    ),
    State(
        "pending_at_a_hundred",
        lambda case: case.unfinished("pending", created=60, progress_percentage=100),
        WAITING,
        "46",
    ),
    State(
        "failed_with_odd_progress",
        lambda case: case.failed("MemoryError", progress_percentage=-5),
        failed("generation.out_of_memory", "record.progress_odd"),
        "46: progress below 0",
    ),
    State(
        "failed_at_forty",
        lambda case: case.failed("MemoryError"),
        failed("generation.out_of_memory"),
        "46: completed below 100",
    ),
    State(
        "size_is_a_word",
        lambda case: case.session(
            final_file_size="large", total_duration_minutes="half an hour", progress_percentage="all"
        ),
        OK,
        "issue 2: a row with any nonsense in any column: the pass goes on",
    ),
    State(
        "size_is_text",
        lambda case: case.session(final_file_size="24044"),
        OK,
        "17: its size is not final_file_size (it is)",
    ),
    State(
        "error_on_a_pending_row",
        lambda case: case.unfinished("pending", created=60, error_message="MemoryError"),
        WAITING,
        "42: completed and whole",
    ),
    State(
        "nonsense_everywhere",
        lambda case: case.session(
            at=None,
            path=b"\xff\xfe\x00",
            created_at="?",
            updated_at=b"\x00",
            completed_at="soon",
            final_file_size="?",
            progress_percentage="?",
            total_duration_minutes=b"\xff",
            user_id=b"\xff",
            error_message=b"\xff" * 40,
        ),
        broken("path.unsafe", "record.time_disorder", "path.bad_name"),
        "4: cannot name a file (NUL); 43: unparsable",
    ),
    State(
        "number_for_a_path",
        lambda case: case.session(at=None, path=12345),
        broken("file.never_written", "path.bad_name"),
        "9, 45: a bare file name",
    ),
    State(
        "stale_error_on_a_cut_file",
        lambda case: case.session(content=b"RIFF", error_message="MemoryError"),
        broken("file.corrupt"),
        "42: completed and whole",
    ),
)
