"""Who may do something: as for pages (`needs`), and whoever tries all the same stands in the audit."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps

from django.http import HttpRequest
from django.http.response import HttpResponseBase

from diagnostics.views.access import Arguments, View, needs
from sessions_admin.actions import refuse
from sessions_admin.actors import address_of, person_of


def may(permission: str, doing: str) -> Callable[[View[Arguments]], View[Arguments]]:
    """Refuse who lacks the permission; a POST is noted as a refused attempt at `doing` (an action, or a decision)."""

    def decorate(view: View[Arguments]) -> View[Arguments]:
        guarded = needs(permission)(view)

        @wraps(view)
        def noting(request: HttpRequest, /, *args: Arguments.args, **kwargs: Arguments.kwargs) -> HttpResponseBase:
            if request.method == "POST" and not request.user.has_perm(permission):
                note_refused(request, doing)
            return guarded(request, *args, **kwargs)

        return noting

    return decorate


def note_refused(request: HttpRequest, doing: str) -> None:
    """Note that somebody posted what their role does not include, with the reason that they gave, if any."""
    reason = request.POST.get("reason", "")
    refuse(doing, "", actor=person_of(request), reason=reason, address=address_of(request))
