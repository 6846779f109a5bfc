"""Who said that an incident or a session is dealt with, for the pages that show them."""

from __future__ import annotations

from collections.abc import Sequence

from django import template

from diagnostics.live_memory import remembered
from diagnostics.models import Incident, SessionEntry
from sessions_admin.actions import ACTIONS
from sessions_admin.desk import resets, told
from sessions_admin.desk.told import Told

register = template.Library()


@register.simple_tag
def handlings_of_sessions(entries: Sequence[SessionEntry]) -> dict[int, Told]:
    """Return what is to be told of the sessions of a list, by their id in the index."""
    return remembered(lambda: told.of_sessions(entries)) or {}


@register.simple_tag
def handlings_of_incidents(rows: Sequence[Incident]) -> dict[int, Told]:
    return told.of_incidents(rows)


@register.simple_tag
def handling_of_session(entry: SessionEntry | None) -> Told | None:
    return handlings_of_sessions([entry]).get(entry.pk) if entry else None


@register.simple_tag
def handling_of_incident(row: Incident) -> Told | None:
    return told.of_incidents([row]).get(row.pk)


@register.filter
def of(found: dict[int, Told], number: int) -> Told | None:
    return found.get(number)


@register.simple_tag
def resets_of_incident(row: Incident) -> list[resets.Done]:
    """Return what people did to the sessions of an incident."""
    return resets.done_to(row)


@register.filter
def title_of_many(action: str) -> str:
    """Return how an action is called when many are meant."""
    return str(ACTIONS[action].title_of_many)
