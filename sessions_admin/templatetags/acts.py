"""What can be done from a page, as buttons: the actions that help, that exist, and that the viewer may do; else, who may."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django import template
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone

from diagnostics.domain.causes import CATALOGUE
from diagnostics.live_memory import remembered
from diagnostics.views.access import roles_with
from sessions_admin import permissions
from sessions_admin.actions import ACTIONS
from sessions_admin.actions.action import Action
from sessions_admin.actors import person_of
from sessions_admin.runs.approve import asked_of

register = template.Library()

ICONS: Mapping[str, str] = {
    "reset": "reset",
    "reset_stuck": "reset",
    "regenerate": "refresh",
    "complete": "playable",
    "relink": "link",
    "mark_failed": "broken",
    "quarantine": "folder",
    "restore": "history",
    "expire": "expired",
}
OTHER_ICON = "wrench"


@dataclass(frozen=True, slots=True)
class Act:
    """One button: the action, its words, and whether it is the best one for what is wrong."""

    action: Action
    words: str
    is_best: bool


@dataclass(frozen=True, slots=True)
class Offer:
    """The buttons of one page. `chosen` are the form's fields; `missing` is the best action, where the viewer may not."""

    acts: tuple[Act, ...]
    chosen: Mapping[str, str]
    back: str
    reset_key: str = ""
    missing: str = ""
    missing_roles: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Choice:
    """One action among those that a list offers: its words for one item and, with `{n}` for the number, for several."""

    name: str
    title: str
    one: str
    several: str


@register.filter
def act_icon(action: str) -> str:
    return ICONS.get(action, OTHER_ICON)


@register.simple_tag(takes_context=True)
def acts_for(context: Mapping[str, Any], key: str, names: Iterable[str]) -> Offer:
    """Offer what helps one session, by name, the best first; where the viewer may not do the best, say who may."""
    known = [ACTIONS[name] for name in names if name in ACTIONS]
    # Who may reset a single session has a page for it, with every column of the row.
    able = [act for act in known if _may(context["request"], act, is_single_reset=act.name == "reset")]
    acts = tuple(Act(action, str(action.title), is_best=action is known[0]) for action in able)
    back = reverse("diagnostics:session_detail", args=[key])
    return Offer(acts, {"key": key}, back, key, *_missing(known, able))


@register.simple_tag(takes_context=True)
def acts_for_incident(context: Mapping[str, Any], number: int, code: str, sessions: int) -> Offer:
    """Offer the same for all sessions of an incident, with their number."""
    names = CATALOGUE[code].actions if code in CATALOGUE and sessions else ()
    known = [ACTIONS[name] for name in names if name in ACTIONS]
    able = [action for action in known if _may(context["request"], action)]
    acts = tuple(Act(act, act.button(sessions) % {"number": sessions}, is_best=act is known[0]) for act in able)
    back = reverse("diagnostics:incident_detail", args=[number])
    return Offer(acts, {"query": f"incident={number}"}, back, "", *_missing(known, able))


@register.simple_tag(takes_context=True)
def choices_of_actions(context: Mapping[str, Any]) -> list[Choice]:
    """Return the actions on sessions that the viewer may do to many, in the order of the one list of actions."""
    able = [action for action in ACTIONS.values() if not action.on_files and _may(context["request"], action)]
    return [choice_of(action) for action in able]


def choice_of(action: Action) -> Choice:
    """Return how an action is offered for what is ticked."""
    one, several = action.button(1) % {"number": 1}, action.button(2) % {"number": "{n}"}
    return Choice(action.name, str(action.title_of_many), one, several)


@register.simple_tag(takes_context=True)
def runs_to_answer(context: Mapping[str, Any]) -> int:
    """Return how many asked runs wait for the viewer; 0 as well where our own database does not answer."""
    request = context.get("request")
    if request is None or not request.user.has_perm(permissions.ADMINISTER):
        return 0
    return remembered(lambda: asked_of(person_of(request), timezone.now())) or 0


def _may(request: HttpRequest, action: Action, *, is_single_reset: bool = False) -> bool:
    is_able = request.user.has_perm(action.permission)
    return is_able and (is_single_reset or request.user.has_perm(permissions.ACT_ON_MANY))


def _missing(known: Sequence[Action], able: Sequence[Action]) -> tuple[str, tuple[str, ...]]:
    """Return the title of the best action and the roles that may do it; nothing where the viewer may."""
    if not known or known[0] in able:
        return "", ()
    return str(known[0].title), tuple(roles_with(known[0].permission))
