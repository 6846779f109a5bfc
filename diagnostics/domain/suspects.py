"""What an examination says of the causes that a player's error makes likely: confirmed, ruled out, or not checked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from diagnostics.domain.client_report import ClientReport

CONFIRMED, RULED_OUT, NOT_CHECKED = "confirmed", "ruled_out", "not_checked"


@dataclass(frozen=True, slots=True)
class Suspect:
    """One code of the catalogue, as the examination leaves it."""

    code: str
    state: str


def weighed(report: ClientReport, states: Mapping[str, str]) -> tuple[Suspect, ...]:
    """Return every suspect of the report's errors once, the likeliest first; what has no state was not checked."""
    codes = dict.fromkeys(code for error in report.errors for code in error.suspects)
    return tuple(Suspect(code, states.get(code, NOT_CHECKED)) for code in codes)


def conclusion(suspects: tuple[Suspect, ...]) -> str:
    """Return what they come to: explained, contradicted (all ruled out), undecided, or of_the_phone (there are none)."""
    states = {suspect.state for suspect in suspects}
    if not states:
        return "of_the_phone"
    if CONFIRMED in states:
        return "explained"
    return "contradicted" if states == {RULED_OUT} else "undecided"
