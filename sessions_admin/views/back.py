"""Where a plan came from, so that whoever leaves it alone is led back there: a page of this dashboard, and no other."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

from django.urls import Resolver404, resolve, reverse
from django.utils.functional import Promise
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext_lazy as _

LONGEST = 2_000
TO_THE_SESSIONS, TO_THE_FILES = _("To the sessions"), _("To the files")
WORDS: Mapping[str, Promise] = {
    "diagnostics:session_detail": _("To the session"),
    "diagnostics:session_list": TO_THE_SESSIONS,
    "diagnostics:incident_detail": _("To the incident"),
    "diagnostics:file_finding_list": TO_THE_FILES,
}


@dataclass(frozen=True, slots=True)
class Way:
    """A link back, with its words."""

    url: str
    word: str | Promise


def back_of(posted: Mapping[str, str]) -> str:
    """Return the page that a form says it stands on; '' where that is none of ours."""
    back = str(posted.get("back", ""))[:LONGEST]
    is_local = back.startswith("/") and url_has_allowed_host_and_scheme(back, allowed_hosts=None)
    return back if is_local and _view_of(back) else ""


def way_back(scope: Mapping[str, str], *, is_on_files: bool) -> Way:
    """Return the link for a plan's scope: to the page it names, else to the list that its items are of."""
    if back := back_of(scope):
        return Way(back, WORDS.get(_view_of(back), _("Back")))
    if is_on_files:
        return Way(reverse("diagnostics:file_finding_list"), TO_THE_FILES)
    query = scope.get("query", "")
    return Way(reverse("diagnostics:session_list") + (f"?{query}" if query else ""), TO_THE_SESSIONS)


def _view_of(address: str) -> str:
    try:
        return resolve(urlsplit(address).path).view_name
    except (Resolver404, ValueError):
        return ""
