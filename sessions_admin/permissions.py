"""The permissions of the pages that touch, in one place."""

from __future__ import annotations

RESET_SESSION = "sessions_admin.reset_session"
RESET_STUCK_SESSION = "sessions_admin.reset_stuck_session"
REGENERATE_SESSION = "sessions_admin.regenerate_session"
CORRECT_SESSION = "sessions_admin.correct_session"
QUARANTINE = "sessions_admin.quarantine"
HANDLE = "sessions_admin.handle"
PAUSE = "sessions_admin.pause"
ACT_ON_MANY = "sessions_admin.act_on_many"
VIEW_AUDIT = "sessions_admin.view_audit"
ADMINISTER = "sessions_admin.administer"

DECLARED = (
    ("reset_session", "Reset one failed session"),
    ("reset_stuck_session", "Reset one session that is stuck in generation"),
    ("regenerate_session", "Have the audio of a completed session composed again"),
    ("correct_session", "Correct a session's row: complete it, relink it, mark it failed"),
    ("quarantine", "Put audio files aside, bring them back, let them expire"),
    ("handle", "Mark incidents and sessions as handled, with a note"),
    ("pause", "Switch long sequences off and on"),
    ("act_on_many", "Act on many sessions at once"),
    ("view_audit", "See the audit"),
    ("administer", "Administer logins, tokens and thresholds, and approve as the second person"),
)
