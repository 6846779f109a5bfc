"""What people decide beside the actions themselves: its name in the audit, and how that is worded."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

DECISIONS: dict[str, Promise] = {
    "plan": _("Make a plan"),
    "run_begin": _("Begin a run"),
    "run_ask": _("Ask for a second person"),
    "run_approve": _("Approve a run"),
    "run_decline": _("Decline a run"),
    "run_abort": _("Stop a run"),
    "pause": _("Pause long sequences"),
    "pause_change": _("Change the pause"),
    "pause_end": _("End the pause"),
    "handle": _("Mark as handled"),
    "unhandle": _("Bring back what was handled"),
    "policy_propose": _("Propose the terms of a policy"),
    "policy_approve": _("Approve the terms of a policy"),
    "policy_decline": _("Decline the terms of a policy"),
    "policy_look": _("Let a policy look now"),
    "policy_off": _("Switch a policy off"),
    "alert_levels": _("Change the levels of an alert"),
    "alert_recipients": _("Change who is told of an alert"),
    "channel_add": _("Make a channel"),
    "channel_change": _("Change a channel"),
    "channel_switch": _("Switch a channel on or off"),
    "channel_remove": _("Remove a channel"),
    "channel_test": _("Test a channel"),
    "notification_again": _("Send a message again"),
    "silence": _("Silence an alert"),
    "silence_end": _("End a silence"),
    "mark": _("Set a marker"),
    "unmark": _("Take a marker away"),
    "report_subscribe": _("Subscribe to the weekly report"),
    "report_unsubscribe": _("Unsubscribe from the weekly report"),
}
