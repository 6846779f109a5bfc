"""The doctor's lines of the pause: for how long it lasts, and whether the host's small file can be written."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from django.conf import settings
from django.db import DatabaseError, InterfaceError

from diagnostics.doctor.check import Check, error, ok, unknown, warning
from sessions_admin.availability import document_of
from sessions_admin.availability_file import problem_of_folder, state_of_file
from sessions_admin.models import Pause


def check_pause(now: datetime) -> Iterator[Check]:
    try:
        pause = Pause.standing()
    except (DatabaseError, InterfaceError):
        yield unknown("pause", "the dashboard's own database does not tell", "See own.database.")
    else:
        yield _pause(pause, now)
        if settings.AVAILABILITY_FILE:
            yield _file(pause)


def _pause(pause: Pause | None, now: datetime) -> Check:
    if pause is None:
        return ok("pause", "long sequences are available")
    told = f"long sequences are paused, for {_hours(pause, now)} by {pause.begun_by}"
    if pause.is_overdue(now):
        due = pause.review_at.isoformat(timespec="minutes")
        return warning("pause", f"{told}; to be looked at again by {due}", "Look again: end the pause or set a time.")
    return warning("pause", told, "End it on the page Pause, or with manage.py pause off, once all is well.")


def _hours(pause: Pause, now: datetime) -> str:
    hours, minutes = divmod(int((now - pause.begun_at).total_seconds()) // 60, 60)
    return f"{hours} h {minutes} min"


def _file(pause: Pause | None) -> Check:
    """A file that cannot be written is an error: the host would go on as if nothing had been switched."""
    if problem := problem_of_folder():
        advice = "Make its folder, and let the user of the dashboard's web and worker write there."
        return error("pause.file", f"{settings.AVAILABILITY_FILE} cannot be written ({problem})", advice)
    state = state_of_file(document_of(pause))
    if state is None or not state.is_current:
        return warning("pause.file", "it does not tell what stands now", "The worker writes it: is one running?")
    return ok("pause.file", "as it should be")
