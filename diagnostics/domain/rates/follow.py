"""What becomes of the last ending that is known of a session, now that a pass looks at it again."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from datetime import datetime

from diagnostics.domain.rates.endings import Ended, Kind

# A look soon after a failure may not know its reason yet, or no rule did: a later one may tell it. The least first.
UNEXPLAINED = ("", "generation.unexplained", "generation.unrecognised")


@dataclass(frozen=True, slots=True)
class Last:
    """The last ending of a session, as it is stored."""

    kind: str
    ended_at: datetime
    is_playable: bool | None
    cause: str
    lost_at: datetime | None = None
    is_closed: bool = False


@dataclass(frozen=True, slots=True)
class Look:
    """What a pass sees of the session now.

    `is_unfinished`: its row is pending or generating. `may_move_unseen`: nobody could look at what a generating session
    writes. `was_over`: the look before this one saw it completed or failed.
    """

    ended: Ended | None
    now: datetime
    is_unfinished: bool = False
    may_move_unseen: bool = False
    was_over: bool = False
    reset_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Step:
    """What is to be done: change fields of the last ending, delete it, store a new one."""

    changes: Mapping[str, object] = field(default_factory=dict)
    is_deleted: bool = False
    new: Ended | None = None


NOTHING = Step()
CLOSED = Step({"is_closed": True})


def follow(last: Last | None, look: Look) -> Step:
    """Return what becomes of the last ending. What once completed or failed stays where and what it was first seen."""
    if last is None or last.is_closed:
        return Step(new=look.ended) if look.ended else NOTHING
    if look.ended is None:
        return _not_ended(last, look)
    if _is_of_a_later_attempt(last, look):
        return Step({"is_closed": True}, new=look.ended)
    if look.ended.kind is Kind.STUCK and (last.kind != Kind.STUCK or look.was_over):
        # It began anew, and no pass saw it within its limits.
        return Step({"is_closed": True}, new=_not_before(last, look.ended))
    if last.kind == Kind.STUCK:
        return _stuck(look.ended)
    return Step(_same_attempt(last, look.ended, look.now))


def _not_ended(last: Last, look: Look) -> Step:
    if not look.is_unfinished:
        return NOTHING
    if last.kind != Kind.STUCK or look.was_over or _has_reset_behind(last, look):
        return CLOSED
    return NOTHING if look.may_move_unseen else Step(is_deleted=True)


def _has_reset_behind(last: Last, look: Look) -> bool:
    return look.reset_at is not None and look.reset_at > last.ended_at


def _is_of_a_later_attempt(last: Last, look: Look) -> bool:
    """A row that was read before the reset, and is looked at after it, still tells of the attempt before."""
    if look.ended is None or look.reset_at is None or not _has_reset_behind(last, look):
        return False
    return look.ended.ended_at > look.reset_at


def _stuck(ended: Ended) -> Step:
    """Completed after all: that is how it ended. Failed at last: it was stuck, and its user had given up."""
    if ended.kind is not Kind.COMPLETED:
        return NOTHING
    told = {each.name: getattr(ended, each.name) for each in fields(Ended)}
    return Step({**told, "kind": str(ended.kind)})


def _not_before(last: Last, ended: Ended) -> Ended:
    """A row that says no new beginning seems to have waited since its first: not since before the last attempt ended."""
    if ended.ended_at >= last.ended_at:
        return ended
    return Ended(ended.kind, last.ended_at, ended.is_dated, cause=ended.cause, length_seconds=ended.length_seconds)


def _same_attempt(last: Last, ended: Ended, now: datetime) -> dict[str, object]:
    if last.kind != ended.kind:
        return {}
    if last.kind == Kind.FAILED:
        return {"cause": ended.cause} if _tells_more(last.cause, ended.cause) else {}
    if last.is_playable is None:
        new: dict[str, object] = {"is_playable": ended.is_playable, "cause": ended.cause}
        return new if new != {"is_playable": None, "cause": last.cause} else {}
    return _lost(last, ended, now) if last.is_playable else {}


def _tells_more(before: str, now: str) -> bool:
    return before in UNEXPLAINED and now not in UNEXPLAINED[: UNEXPLAINED.index(before) + 1]


def _lost(last: Last, ended: Ended, now: datetime) -> dict[str, object]:
    """Of a piece that was playable: gone bad now, or well again; what cannot be told changes nothing."""
    if ended.is_playable is False and last.lost_at is None:
        return {"lost_at": now, "lost_cause": ended.cause}
    if ended.is_playable and last.lost_at is not None:
        return {"lost_at": None, "lost_cause": ""}
    return {}
