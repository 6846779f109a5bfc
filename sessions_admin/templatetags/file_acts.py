"""What can be done to ticked files, as the choices of one form: those actions that the viewer may do."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import template

from sessions_admin import permissions
from sessions_admin.actions import ACTIONS
from sessions_admin.templatetags.acts import Choice, choice_of

register = template.Library()


@register.simple_tag(takes_context=True)
def file_acts(context: Mapping[str, Any], *names: str) -> list[Choice]:
    """Return these actions, as far as the viewer may do them to many files."""
    user = context["request"].user
    if not user.has_perm(permissions.ACT_ON_MANY):
        return []
    able = [ACTIONS[name] for name in names if user.has_perm(ACTIONS[name].permission)]
    return [choice_of(action) for action in able]
