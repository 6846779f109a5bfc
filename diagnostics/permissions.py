"""The permissions of the pages that look, in one place; roles are groups that a migration of sessions_admin makes."""

from __future__ import annotations

VIEW_FIGURES = "diagnostics.view_figures"
VIEW_SESSIONS = "diagnostics.view_sessions"
VIEW_SYSTEM = "diagnostics.view_system"

DECLARED = (
    ("view_figures", "See the overview and the figures"),
    ("view_sessions", "See sessions, user identifiers and file findings"),
    ("view_system", "See resources and passes"),
)
