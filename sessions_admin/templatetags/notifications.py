"""How channels and what was sent to them are shown; and what could not be delivered, which the alert pages list."""

from __future__ import annotations

from datetime import timedelta

from django import template
from django.db.models import Q
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from diagnostics.live_memory import remembered
from diagnostics.templatetags.labels import Label, tagged
from sessions_admin.alerting import targets
from sessions_admin.models import Channel, Notification

register = template.Library()
MOST_SHOWN = 20
SHOWN_FOR = timedelta(days=7)

CHANNELS = {
    "on": Label(_("On"), "playable", "playable"),
    "trouble": Label(_("Trouble, tries again"), "warning", "warning"),
    "refused": Label(_("Switched off: it refused for good"), "broken", "broken"),
    "off": Label(_("Off"), "minus", "expired"),
}
MESSAGES = {
    "sent": Label(_("Delivered"), "playable", "playable"),
    "trouble": Label(_("Not yet, tries again"), "warning", "warning"),
    "lost": Label(_("Given up"), "broken", "broken"),
    "sending": Label(_("Being sent"), "process", "not-ready"),
    "waiting": Label(_("Waiting"), "not-ready", "not-ready"),
}


@register.simple_tag
def channel_state(channel: Channel) -> SafeString:
    if not channel.is_on:
        return tagged(CHANNELS["off"])
    if channel.switched_off_at:
        return tagged(CHANNELS["refused"])
    return tagged(CHANNELS["trouble" if channel.error else "on"])


@register.simple_tag
def message_state(row: Notification) -> SafeString:
    return tagged(MESSAGES[state_of(row)])


def state_of(row: Notification) -> str:
    if row.sent_at or row.given_up_at:
        return "sent" if row.sent_at else "lost"
    if row.claimed_until and row.claimed_until >= timezone.now():
        return "sending"
    return "trouble" if row.error else "waiting"


@register.filter
def masked_target(channel: Channel) -> str:
    return targets.masked(channel.kind, channel.target)


@register.filter
def masked_address(row: Notification) -> str:
    return targets.masked(Channel.Kind.MAIL, row.address)


@register.simple_tag
def undelivered() -> list[Notification]:
    """Return what could not be delivered within a week, or not yet, the newest first; nothing where our database is silent."""
    since = timezone.now() - SHOWN_FOR
    is_troubled = Q(given_up_at__gte=since) | Q(given_up_at=None) & ~Q(error="")
    is_held = Q(given_up_at=None, channel__switched_off_at__isnull=False)
    found = Notification.objects.filter(sent_at=None).filter(is_troubled | is_held).select_related("channel")
    return remembered(lambda: list(found.order_by("-id")[:MOST_SHOWN])) or []
