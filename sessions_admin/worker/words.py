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
    "figures": _("Count the figures of the rates"),
    "alerts": _("Look at the alert rules"),
    "snapshot": _("Make what the pages show"),
    "availability": _("Keep the file that tells the host of a pause"),
    "runs": _("Carry out runs"),
    "unanswered": _("Close runs that nobody approved in time"),
    "tell": _("Tell the host what is pending again"),
    "pickups": _("See what the host picked up"),
    "policies": _("Put files aside by policy"),
    "expire": _("Delete held files on their date"),
    "settle": _("Settle what was interrupted"),
    "close_handled": _("Close what was handled and came back"),
    "forget": _("Forget what is too old"),
    "note_audit": _("Leave the end of the audit in the log"),
    "forget_tellings": _("Forget what the host was told long ago"),
    "group_alerts": _("Put into the outbox what is told of alerts"),
    "notify": _("Send what stands in the outbox"),
    "forget_notifications": _("Forget what people were told long ago"),
    "weekly_report": _("Put the weekly report in the outbox"),
    "forget_logins": _("Forget old sign-ins"),
}
