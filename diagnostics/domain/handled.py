"""What somebody said is dealt with: how that ends by itself, and when it has to be seen again."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from diagnostics.domain.causes import CATALOGUE
from diagnostics.domain.diagnosis import State, Verdict


class End(StrEnum):
    """How it ended. `MENDED`: the fault was over; all others: it came back, or something else did."""

    MENDED = "mended"
    OTHER = "other"  # a session has another fault
    AGAIN = "again"  # a session was well in between, and broke again
    JOINED = "joined"  # an incident has a session that was not handled with it
    REOPENED = "reopened"  # an incident was resolved, and opened again


CAME_BACK = (End.OTHER, End.AGAIN, End.JOINED, End.REOPENED)


@dataclass(frozen=True, slots=True)
class Handled:
    """How a session's handling stands: whether it `stands`, for which `cause` ('': with its incident), how it ended."""

    stands: bool
    cause: str
    end: str


def course(handled: Handled, *, cause: str, verdict: str, state: str, is_other_incident: bool) -> Handled:
    """Return how it stands after a look at the session, which has this cause now ('': none).

    While changes settle, nothing is known of the fault. `is_other_incident`: what it shares is not what it did.
    """
    if state == State.SETTLING:
        return handled
    is_well = _is_well(handled, cause, verdict)
    if handled.stands:
        return _of_standing(handled, cause, is_well=is_well, is_other_incident=is_other_incident)
    if handled.end == End.MENDED:
        return handled if is_well else Handled(stands=False, cause=handled.cause, end=End.AGAIN)
    return Handled(stands=False, cause="", end="") if is_well else handled


def _of_standing(handled: Handled, cause: str, *, is_well: bool, is_other_incident: bool) -> Handled:
    if is_well:  # of what was handled with its incident, the incident knows
        end = End.MENDED if handled.cause else ""
        return Handled(stands=False, cause=handled.cause, end=end)
    if is_other_incident or (handled.cause and cause != handled.cause):
        return Handled(stands=False, cause=handled.cause, end=End.OTHER)
    return handled


def _is_well(handled: Handled, cause: str, verdict: str) -> bool:
    """A notice beside a session that plays is no fault, unless it was handled for a notice."""
    if not cause:
        return True
    known = CATALOGUE.get(handled.cause)
    was_notice = known is not None and known.verdict in (None, Verdict.PLAYABLE)
    return verdict == Verdict.PLAYABLE and not was_notice
