"""How the audit words what was done: the actions, and what people decide beside them."""

from __future__ import annotations

from django.utils.functional import Promise

from sessions_admin.actions import ACTIONS
from sessions_admin.decisions import DECISIONS


def audit_words() -> dict[str, Promise]:
    """Return name -> title of everything that an entry can be about."""
    return {**{name: action.title for name, action in ACTIONS.items()}, **DECISIONS}
