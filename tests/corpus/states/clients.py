"""Sessions whose generation took longer than the client waits, and those that only seem to."""

from __future__ import annotations

from collections.abc import Iterator

from tests.corpus.labels import OK, State, alone, broken, failed, noticed
from tests.corpus.wavs import WHOLE
from tests.corpus.world import FINISHED, HOUR, MINUTE, Case, local

LATE = "39: generation took longer than CLIENT_TIMEOUT_SECONDS: the client had given up, all is well now"
TIMES = "generation time counts from the last reset, else from when it was first seen generating, else from created_at"
IN_ORDER = "34 to 41: completed sessions whose file is in order"
WAITS = alone("client_waits", LIMITS={"client_timeout_seconds": 120})
PATIENT = alone("client_waits_five_minutes", LIMITS={"client_timeout_seconds": 300})
GIVEN_UP = noticed("client.timed_out")


def _took(seconds: float, **row: object) -> object:
    return lambda case: case.session(**{"created_at": local(FINISHED + seconds), **row})


def _already_generating(case: Case) -> Iterator[None]:
    """It was generating when it was seen first, so nobody knows since when; done a minute after that pass."""
    case.unfinished("generating", created=3 * HOUR, updated=HOUR + MINUTE)
    yield
    case.write("{name}", WHOLE, HOUR - MINUTE)
    done = local(HOUR - MINUTE)
    case.update(
        status="completed",
        final_file_path=f"/static/generated_music/long_sequences/{case.name}",
        final_file_size=len(WHOLE),
        progress_percentage=100,
        updated_at=done,
        completed_at=done,
    )


def _state(name: str, build: object, label: object, words: str = LATE, world: object = WAITS) -> State:
    return State(name, build, label, words, world)  # type: ignore[arg-type]  # a table's cells


STATES = (
    _state("took_two_minutes", _took(120), OK),
    _state("took_a_second_more", _took(121), GIVEN_UP),
    _state("took_an_hour", _took(3600), GIVEN_UP),
    _state("took_two_minutes_and_no_column_says_when", _took(121, completed_at=None), GIVEN_UP),
    _state("ended_before_it_began", _took(-60, modified=FINISHED - 60), noticed("record.time_disorder"), TIMES),
    _state("already_generating_when_first_seen", _already_generating, GIVEN_UP, TIMES),
    _state("late_and_the_wrong_size", _took(600, final_file_size=5), broken("file.size_mismatch"), IN_ORDER),
    _state("late_and_gone", _took(600, at=None), broken("file.never_written"), IN_ORDER),
    _state("late_and_failed", lambda case: case.failed(), failed("generation.unrecognised"), IN_ORDER),
    _state("late_with_an_old_error", _took(600, error_message="x"), noticed("client.timed_out", "record.stale_error")),
    _state("four_minutes_for_a_patient_client", _took(240), OK, world=PATIENT),
    _state("six_minutes_for_a_patient_client", _took(360), GIVEN_UP, world=PATIENT),
)
