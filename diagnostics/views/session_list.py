"""The list of sessions: search, filters in the address, keyset pages; it reads the session index and nothing else."""

from __future__ import annotations

from dataclasses import replace

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from diagnostics import permissions
from diagnostics.domain.causes import CATALOGUE
from diagnostics.domain.diagnosis import Verdict
from diagnostics.domain.facts import STATUSES
from diagnostics.session_query import (
    AGES,
    OTHER_STATUS,
    Scope,
    attempts_in,
    count_of,
    handled_of,
    hidden_of,
    is_user,
    page_of,
    read_scope,
    session_with_id,
    sessions_in,
)
from diagnostics.templatetags import labels
from diagnostics.views.access import needs
from diagnostics.views.ended_shown import UNTOLD, ended_words
from diagnostics.views.fragments import is_fragment, stamped, unchanged
from diagnostics.views.frame import snapshot_of
from diagnostics.views.incident_shown import name_of


@require_safe
@needs(permissions.VIEW_SESSIONS)
def session_list(request: HttpRequest) -> HttpResponse:
    """Show one page of the list, or only its rows for htmx. An id in the search box leads straight to its session."""
    scope = read_scope(request.GET)
    if scope.q and (found := session_with_id(scope.q)) is not None:
        _tell_of_user(request, scope.q)
        return redirect("diagnostics:session_detail", found.key)
    snapshot = snapshot_of(request)
    version = str(snapshot.content["rows_version"])
    if (nothing_new := unchanged(request, snapshot=snapshot, version=version)) is not None:
        return nothing_new
    context = _context(request, scope) | {"snapshot": snapshot, "live_version": version}
    template = "diagnostics/_session_rows.html" if is_fragment(request) else "diagnostics/session_list.html"
    response = stamped(render(request, template, context), snapshot=snapshot, version=version)
    if is_fragment(request) and request.headers.get("HX-Trigger") == "filters":
        response["HX-Push-Url"] = _address(scope)
    return response


def _tell_of_user(request: HttpRequest, text: str) -> None:
    """A number can be a session's id and a user's: the session is opened, and the user's sessions are one click away."""
    if is_user(text):
        link = _address(Scope(user=text))
        sentence = _("{id} is also a user’s id.").replace("{id}", text)
        messages.info(request, format_html('{} <a href="{}">{}</a>', sentence, link, _("Show this user’s sessions")))


def _context(request: HttpRequest, scope: Scope) -> dict[str, object]:
    now = timezone.now()
    after, before = request.GET.get("after", ""), request.GET.get("before", "")
    among = attempts_in(scope)
    page = page_of(sessions_in(scope, now, among), after=after, before=before)
    hidden, handled = hidden_of(scope, now), handled_of(scope, now)
    return {
        "scope": scope,
        "page": page,
        "count": count_of(scope, now, among),
        "among": among,
        "hidden": hidden,
        "hidden_url": _address(replace(scope, verdict=Verdict.EXPIRED.value)),
        "handled": handled,
        "handled_url": _address(replace(scope, handled="yes")),
        "is_first_page": not page.newer,
        "live_url": "" if page.newer else _address(scope),
        "list_url": _address(scope),
        "chips": _chips(scope),
        "choices": _choices(),
        "is_empty_index": scope.is_everything and not page.entries and not (hidden.number or handled.number),
    }


def _address(scope: Scope) -> str:
    address = reverse("diagnostics:session_list")
    return f"{address}?{scope.query_string}" if scope.query_string else address


def _choices() -> dict[str, list[tuple[str, str]]]:
    titles = [(code, labels.cause_title(code)) for code in CATALOGUE]
    return {
        "verdict": [(verdict.value, labels.verdict_word(verdict)) for verdict in Verdict],
        "status": [(status, str(labels.STATUSES[status])) for status in (*STATUSES, OTHER_STATUS)],
        "cause": titles,
        "age": [(age, str(labels.AGES[age])) for age in AGES],
        "handled": [("yes", _("Only what is handled")), ("all", _("Handled ones too"))],
    }


def _chips(scope: Scope) -> list[dict[str, str]]:
    """Return the filters that stand, each with the address of the list without it."""
    words = {name: dict(pairs) for name, pairs in _choices().items()}
    words |= {"incident": _incident_word(scope.incident), "left": _left_word(scope.left), **ended_words(scope)}
    return [
        {"name": name, "word": words.get(name, {}).get(value, value), "without": _address(scope.without(name))}
        for name, value in scope.items()
        if value and (name, value) not in UNTOLD and name != "ended_to"
    ]


def _incident_word(number: str) -> dict[str, str]:
    return {number: name_of(int(number))} if number else {}


def _left_word(number: str) -> dict[str, str]:
    return {number: _("Once of {incident}").replace("{incident}", name_of(int(number)))} if number else {}
