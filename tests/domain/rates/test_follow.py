"""Endings followed look by look, against a plain reading of the whole history of a session's looks."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

from hypothesis import example, given
from hypothesis import strategies as st

from diagnostics.domain.rates.endings import Ended, Kind
from diagnostics.domain.rates.follow import Last, Look, follow

BEGIN = datetime(2025, 8, 25, 12, 0, tzinfo=UTC)
# What a pass may see, five minutes apart: the row's status, and what the file is like where it is completed.
SEEN = st.sampled_from(
    ["going", "hidden", "stuck", "failed", "other", "whole", "broken", "settling", "away", "reset", "reset"]
)
PLAYABLE = {"whole": (True, ""), "broken": (False, "file.empty"), "settling": (None, ""), "away": (None, "store")}


@dataclass(slots=True)
class Attempt:
    """One attempt, and every look at it."""

    looks: list[tuple[str, datetime]] = field(default_factory=list)


def looks_of(seen: list[str]) -> list[tuple[str, datetime]]:
    return [(what, BEGIN + timedelta(minutes=5 * number)) for number, what in enumerate(seen)]


def followed(seen: list[str]) -> list[tuple[str, bool | None, bool]]:
    """What is stored after all looks: (kind, playable, lost), looked at one after the other as passes do."""
    stored: list[Last] = []
    before, ended_at, reset_at = "", BEGIN, None
    for what, now in looks_of(seen):
        if what == "reset":  # the row goes back to pending, and is looked at
            reset_at, what = now - timedelta(minutes=1), "going"
        status = status_of(what)
        if status != before:
            ended_at = now - timedelta(seconds=30)
        look = Look(
            ended_of(what, ended_at),
            now,
            is_unfinished=status in ("going", "stuck"),
            may_move_unseen=what == "hidden",
            was_over=before in ("failed", "completed"),
            reset_at=reset_at,
        )
        apply(stored, look)
        before = status if status != "other" else before
    return [(row.kind, row.is_playable, row.lost_at is not None) for row in stored]


def apply(stored: list[Last], look: Look) -> None:
    step = follow(stored[-1] if stored else None, look)
    if step.is_deleted:
        stored.pop()
    elif step.changes:
        known = {name: value for name, value in step.changes.items() if name in Last.__dataclass_fields__}
        stored[-1] = replace(stored[-1], **known)  # type: ignore[arg-type]
    if step.new:
        stored.append(Last(str(step.new.kind), step.new.ended_at, step.new.is_playable, step.new.cause))


def status_of(what: str) -> str:
    return {"hidden": "going", **dict.fromkeys(PLAYABLE, "completed")}.get(what, what)


def ended_of(what: str, ended_at: datetime) -> Ended | None:
    if what in PLAYABLE:
        return Ended(Kind.COMPLETED, ended_at, True, *PLAYABLE[what])
    if what in ("failed", "stuck"):
        return Ended(Kind(what), ended_at, cause="a.reason")
    return None


def plain(seen: list[str]) -> list[tuple[str, bool | None, bool]]:
    """The same, told of whole attempts: each is cut out of the history, and then judged."""
    attempts: list[list[str]] = [[]]
    for what in seen:
        over = {"failed", "completed"} & {status_of(each) for each in attempts[-1]}
        begins = what == "reset" or (status_of(what) in ("going", "stuck") and over)
        if begins:
            attempts.append([])
        attempts[-1].append("going" if what == "reset" else what)
    # Only a reset is known to have ended a stuck attempt; whoever began it anew is seen by the attempt that follows.
    judged = [ending_of(looks, is_last=number == len(attempts) - 1) for number, looks in enumerate(attempts)]
    return [ending for ending in judged if ending]


def ending_of(looks: list[str], *, is_last: bool) -> tuple[str, bool | None, bool] | None:
    statuses = [status_of(what) for what in looks if what not in ("other", "hidden")]
    over = [status for status in statuses if status in ("failed", "completed")]
    unfinished = statuses[: statuses.index(over[0])] if over else statuses
    is_stuck = bool(unfinished) and unfinished[-1] == "stuck"
    if not over:
        return ("stuck", False, False) if is_stuck else None
    if is_stuck and "completed" not in over:
        return ("stuck", False, False)
    if over[0] == "failed" and not is_stuck:
        return ("failed", False, False)
    told = [PLAYABLE[what][0] for what in looks if what in PLAYABLE and PLAYABLE[what][0] is not None]
    if not told or not told[0]:
        return ("completed", told[0] if told else None, False)
    return ("completed", True, not told[-1])


@given(st.lists(SEEN, max_size=14))
@example(["stuck", "failed", "stuck"])
def test_looks_one_by_one_leave_what_the_whole_history_tells(seen: list[str]) -> None:
    assert followed(seen) == plain(seen)


def test_a_new_attempt_never_ends_before_the_one_that_it_follows() -> None:
    last = Last("failed", BEGIN, False, "a.reason")
    stuck = Ended(Kind.STUCK, BEGIN - timedelta(hours=1), cause="worker.not_picked_up")
    step = follow(last, Look(stuck, BEGIN + timedelta(hours=1), is_unfinished=True))
    assert step.new is not None
    assert step.new.ended_at == BEGIN
    assert step.changes == {"is_closed": True}


def test_the_reason_of_a_failure_may_be_told_later_and_then_stays() -> None:
    last = Last("failed", BEGIN, False, "generation.unexplained")
    told = Ended(Kind.FAILED, BEGIN, cause="generation.disk_full")
    assert follow(last, Look(told, BEGIN)).changes == {"cause": "generation.disk_full"}
    other = replace(told, cause="generation.timed_out")
    assert follow(replace(last, cause="generation.disk_full"), Look(other, BEGIN)).changes == {}
    unexplained = replace(told, cause="generation.unexplained")
    assert follow(replace(last, cause="generation.unrecognised"), Look(unexplained, BEGIN)).changes == {}
