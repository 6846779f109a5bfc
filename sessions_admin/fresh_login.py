"""Whether somebody signed in within the last hour: what is hard to undo asks for the password again where not."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.contrib.auth import authenticate
from django.http import HttpRequest
from django.utils import timezone

FRESH = timedelta(hours=1)
SIGNED_IN_AT = "signed_in_at"


def note_sign_in(request: HttpRequest, now: datetime) -> None:
    """Note that the person of this browser session has just shown that it is them."""
    request.session[SIGNED_IN_AT] = now.timestamp()


def is_fresh(request: HttpRequest, now: datetime) -> bool:
    """Return whether they did so within the last hour, in this browser; a time in the future is none."""
    told = request.session.get(SIGNED_IN_AT)
    return isinstance(told, int | float) and 0 <= now.timestamp() - told <= FRESH.total_seconds()


def is_locked_out(request: HttpRequest) -> bool:
    """Return whether this login was tried too often; the form that asked says so, in place of the page for sign-ins.

    That page would lose what was typed beside the password.
    """
    is_locked = bool(getattr(request, "axes_locked_out", False))
    request.axes_locked_out = False  # type: ignore[attr-defined]  # axes' own mark for its middleware
    return is_locked


def confirm_password(request: HttpRequest, password: str) -> bool:
    """Return whether this is the password of who is signed in, and note it then; failures count as those of a sign-in."""
    found = authenticate(request, username=request.user.get_username(), password=password)
    if found is None or found.pk != request.user.pk:
        return False
    note_sign_in(request, timezone.now())
    return True
