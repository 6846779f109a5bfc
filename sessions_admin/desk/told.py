"""What pages tell of a handling: whose word it is, and whether it stands or what it was about came back."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext

from diagnostics.domain.handled import CAME_BACK
from diagnostics.models import Incident, Leaving, SessionEntry
from sessions_admin.models import Handling


@dataclass(frozen=True, slots=True)
class Told:
    """One handling. `stands`: it leaves the lists; else it came back, for the reason `why`. `incident`: what it went with."""

    handling: Handling
    stands: bool
    why: str
    incident: int | None = None


def of_incidents(rows: Iterable[Incident]) -> dict[int, Told]:
    """Return what is to be told of incidents, by their id; one question, and none where nothing is."""
    marked = {row.shared_hash: row for row in rows if row.handled_at or row.handled_end in CAME_BACK}
    newest = _newest_of_incidents(marked)
    return {row.pk: _told(newest[number], row) for number, row in marked.items() if number in newest}


def of_sessions(entries: Sequence[SessionEntry]) -> dict[int, Told]:
    """Return what is to be told of sessions, by their id in the index; four questions at most, whatever their number."""
    marked = [entry for entry in entries if entry.handled_at or entry.handled_end in CAME_BACK]
    alone = {entry.key: entry for entry in marked if entry.handled_cause}
    found = Handling.objects.filter(session__in=alone).order_by("id") if alone else ()
    newest = {handling.session: handling for handling in found}
    told = {entry.pk: _told(newest[key], entry) for key, entry in alone.items() if key in newest}
    return told | _with_incidents([entry for entry in marked if not entry.handled_cause])


def _with_incidents(entries: Sequence[SessionEntry]) -> dict[int, Told]:
    """Return what is told of sessions that were handled with their incident, which some of them have left since."""
    if not entries:
        return {}
    left = Leaving.objects.filter(session__in=[entry.pk for entry in entries if not entry.handled_at]).order_by(
        "left_at"
    )
    numbers = dict(left.values_list("session_id", "shared_hash"))
    numbers |= {entry.pk: entry.shared_hash for entry in entries if entry.handled_at and entry.shared_hash is not None}
    newest = _newest_of_incidents(set(numbers.values()))
    known = dict(Incident.objects.filter(shared_hash__in=newest).values_list("shared_hash", "pk"))
    return {
        entry.pk: _told(newest[number], entry, known.get(number))
        for entry in entries
        if (number := numbers.get(entry.pk)) in newest
    }


def _newest_of_incidents(numbers: Iterable[int]) -> dict[int, Handling]:
    hashes = list(numbers)
    found = Handling.objects.filter(shared_hash__in=hashes).order_by("id") if hashes else ()
    return {number: handling for handling in found if (number := handling.shared_hash) is not None}


def _told(handling: Handling, row: Incident | SessionEntry, incident: int | None = None) -> Told:
    labels = dict(Handling.End.choices)
    return Told(handling, row.handled_at is not None, gettext(str(labels.get(row.handled_end, ""))) or "", incident)
