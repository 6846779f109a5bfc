"""The same asked for twice by one user, and what only looks like it."""

from __future__ import annotations

from tests.corpus.labels import (
    EXPIRED,
    OK,
    WAITING,
    Label,
    State,
    World,
    alone,
    broken,
    failed,
    not_ready,
    noticed,
    unknown,
)
from tests.corpus.wavs import WHOLE
from tests.corpus.world import COLUMNS, CREATED, DAY, FINISHED, HOUR, MINUTE, PREFIX, Case, local

TWICE = "44: the same user and assessment has another session begun within its generation time"
SPAN = "times: generation time counts from the last reset, else from when it was first seen generating, else created_at"
UNNAMED = "44: the same user and assessment (of nobody nothing is the same)"
SWITCHED_OFF = "host_app: a missing optional column switches off what depends on it"
NOTICED = noticed("record.duplicate_request")
SHARED = World()
RETENTION = alone("retention", LIMITS={"audio_retention_days": 30})
NO_ASSESSMENT = World("no_assessment", columns=COLUMNS.replace("assessment_id BIGINT,", ""))


def _again(case: Case, begun: float, **row: object) -> None:
    """Another session of the same user and assessment, begun so long ago and made in two minutes."""
    ended = local(begun - 2 * MINUTE)
    times = {"created_at": local(begun), "updated_at": ended, "completed_at": ended}
    values: dict[str, object] = {"assessment_id": case.key, "modified": begun - 2 * MINUTE + 1, **times, **row}
    case.other().session(**values)  # type: ignore[arg-type]  # keywords of both kinds


def _twice(case: Case, begun: float = CREATED - 5 * MINUTE, **row: object) -> None:
    case.session()
    _again(case, begun, **row)


def _of_nobody(case: Case, user: object) -> None:
    case.session(user_id=user)
    _again(case, CREATED - 5 * MINUTE, user_id=user)


def _three_times(case: Case) -> None:
    _twice(case)
    case.other(2).unfinished("pending", created=5 * MINUTE, assessment_id=case.key)
    case.other(3).failed("MemoryError", assessment_id=case.key, created_at=local(CREATED - 4 * MINUTE))


def _failed(case: Case) -> None:
    case.failed("MemoryError")
    _again(case, CREATED - 5 * MINUTE)


def _generating(case: Case) -> None:
    case.unfinished("generating", created=HOUR / 2, updated=MINUTE)
    case.other().unfinished("pending", created=2 * MINUTE, assessment_id=case.key)


def _cut(case: Case) -> None:
    case.session(content=WHOLE[:9_000], final_file_size=len(WHOLE))
    _again(case, CREATED - 5 * MINUTE)


def _settling(case: Case) -> None:
    case.finished(10, at=None)
    _again(case, 5 * MINUTE)


def _waiting(case: Case) -> None:
    case.unfinished("pending", created=MINUTE)
    case.other().unfinished("pending", created=MINUTE, assessment_id=case.key)


def _unknown_status(case: Case) -> None:
    case.session(status="archived")
    _again(case, CREATED - 5 * MINUTE)


def _expired(case: Case) -> None:
    case.finished(40 * DAY, at=None)
    _again(case, 40 * DAY + 5 * MINUTE)


def _owner(case: Case) -> None:
    """Asked for twice, and both rows name the file of the first."""
    case.session()
    _again(case, CREATED - 5 * MINUTE, at=None, path=PREFIX + case.name)


def _state(name: str, build: object, label: Label, words: str, world: World = SHARED) -> State:
    return State(f"asked_{name}", build, label, words, world)  # type: ignore[arg-type]  # a builder


STATES: tuple[State, ...] = (
    _state("twice", _twice, NOTICED, TWICE),
    _state("twice_in_one_second", lambda case: _twice(case, CREATED), NOTICED, TWICE),
    _state("just_before_it_ended", lambda case: _twice(case, FINISHED + 1), NOTICED, TWICE),
    _state("three_times", _three_times, NOTICED, TWICE),
    _state("after_it_ended", lambda case: _twice(case, FINISHED - MINUTE), OK, TWICE),
    _state("before_it_began", lambda case: _twice(case, CREATED + MINUTE), OK, TWICE),
    _state("by_another_user", lambda case: _twice(case, user_id=8), OK, TWICE),
    _state("for_another_assessment", lambda case: _twice(case, assessment_id=-case.key), OK, TWICE),
    _state("by_nobody_twice", lambda case: _of_nobody(case, None), OK, UNNAMED),
    _state("by_a_blank_twice", lambda case: _of_nobody(case, " "), OK, UNNAMED),
    _state("when_nobody_knows", lambda case: _twice(case, created_at="yesterday"), OK, TWICE),
    _state("again_after_a_failure", _failed, failed("generation.out_of_memory", "record.duplicate_request"), TWICE),
    _state("again_while_it_runs", _generating, not_ready("generating", "record.duplicate_request"), SPAN),
    _state("again_and_cut", _cut, broken("file.truncated", "record.duplicate_request"), TWICE + "; verdict as found"),
    _state("again_and_settling", _settling, not_ready("settling", "record.duplicate_request"), "settling: not 44"),
    _state("twice_both_waiting", _waiting, WAITING, SPAN),
    _state("twice_of_no_status", _unknown_status, unknown("record.unknown_status"), SPAN),
    _state("twice_long_ago", _expired, EXPIRED, "expired: no finding is stored", RETENTION),
    _state("twice_for_one_file", _owner, NOTICED, "15: the one whose id its name bears owns it; " + TWICE),
    _state("twice_of_no_assessment", _twice, OK, SWITCHED_OFF, NO_ASSESSMENT),
)
