"""What the recurring tasks are called on pages."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

TASK_WORDS: dict[str, Promise] = {
    "pass": _("Hold every row against the files"),
    "sample": _("Measure disk, memory and processor"),
    "parts": _("Ask the host’s parts"),
    "listen": _("Listen to new audio"),
    "delivery": _("Ask for the newest audio as a client would"),
    "snapshot": _("Make what the pages show"),
    "runs": _("Carry out runs"),
    "pickups": _("See what the host picked up"),
    "settle": _("Settle what was interrupted"),
    "forget": _("Forget what is too old"),
    "note_audit": _("Leave the end of the audit in the log"),
    "forget_logins": _("Forget old sign-ins"),
}
