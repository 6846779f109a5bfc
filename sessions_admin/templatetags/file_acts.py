"""What can be done to ticked files, as the choices of one form: those actions that the viewer may do."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django import template

from sessions_admin import permissions
from sessions_admin.actions import ACTIONS

register = template.Library()


@dataclass(frozen=True, slots=True)
class FileAct:
    """One action: its title, and what its button says for one file and, with `{n}` for the number, for several."""

    name: str
    title: str
    one: str
    several: str


@register.simple_tag(takes_context=True)
def file_acts(context: Mapping[str, Any], *names: str) -> list[FileAct]:
    """Return these actions, as far as the viewer may do them to many files."""
    user = context["request"].user
    if not user.has_perm(permissions.ACT_ON_MANY):
        return []
    able = [ACTIONS[name] for name in names if user.has_perm(ACTIONS[name].permission)]
    return [
        FileAct(each.name, str(each.title_of_many), each.button(1) % {"number": 1}, each.button(2) % {"number": "{n}"})
        for each in able
    ]
