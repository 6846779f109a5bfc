"""The permissions of the pages that touch, in one place."""

from __future__ import annotations

RESET_SESSION = "sessions_admin.reset_session"
RESET_STUCK_SESSION = "sessions_admin.reset_stuck_session"
ACT_ON_MANY = "sessions_admin.act_on_many"
VIEW_AUDIT = "sessions_admin.view_audit"
ADMINISTER = "sessions_admin.administer"

DECLARED = (
    ("reset_session", "Reset one failed session"),
    ("reset_stuck_session", "Reset one session that is stuck in generation"),
    ("act_on_many", "Act on many sessions at once"),
    ("view_audit", "See the audit"),
    ("administer", "Administer logins, tokens and thresholds, and approve as the second person"),
)
