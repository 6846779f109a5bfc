"""Words, icons and colours of the codes: verdict, status, state, pass outcome and phase, role; each in one place."""

from __future__ import annotations

from dataclasses import dataclass

from django import template
from django.templatetags.static import static
from django.utils.functional import Promise
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from diagnostics.domain import wording

register = template.Library()


@dataclass(frozen=True, slots=True)
class Label:
    """How a code is shown: its word, its icon in the sprite, and the end of its CSS classes."""

    word: str | Promise
    icon: str
    tone: str


VERDICTS = {
    "playable": Label(_("Playable"), "playable", "playable"),
    "not_ready": Label(_("Not ready"), "not-ready", "not-ready"),
    "broken": Label(_("Broken"), "broken", "broken"),
    "expired": Label(_("Expired"), "expired", "expired"),
    "unknown": Label(_("Unknown"), "unknown", "unknown"),
}
STATUSES: dict[str, str | Promise] = {
    "pending": _("Pending"),
    "generating": _("Generating"),
    "completed": _("Completed"),
    "failed": _("Failed"),
    "other": _("Any other"),
}
OUTCOMES = {
    "running": Label(_("Running"), "not-ready", "not-ready"),
    "complete": Label(_("Complete"), "playable", "playable"),
    "failed": Label(_("Failed"), "broken", "broken"),
    "interrupted": Label(_("Interrupted"), "warning", "warning"),
}
INCIDENT_STATES = {
    "new": Label(_("New"), "incidents", "broken"),
    "regressed": Label(_("Regressed"), "reset", "warning"),
    "ongoing": Label(_("Ongoing"), "history", "not-ready"),
    "resolved": Label(_("Resolved"), "playable", "playable"),
    "open": Label(_("Open"), "incidents", "broken"),
}
PHASES: dict[str, str | Promise] = {
    "files": _("Listing the files"),
    "rows": _("Reading the rows"),
    "sessions": _("Examining what changed"),
    "summary": _("Summing up"),
}
TRIGGERS: dict[str, str | Promise] = {"worker": _("by the worker"), "command": _("by a command")}
ROLES: dict[str, str | Promise] = {
    "support": _("Support"),
    "engineer": _("Engineer"),
    "manager": _("Manager"),
    "administrator": _("Administrator"),
}
AGES: dict[str, str | Promise] = {
    "1h": _("Last hour"),
    "24h": _("Last 24 hours"),
    "7d": _("Last 7 days"),
    "30d": _("Last 30 days"),
}


@register.simple_tag
def icon(name: str, extra: str = "") -> SafeString:
    """Return a decorative icon of the sprite; the words beside it say what it means."""
    return format_html(
        '<svg class="icon {}" aria-hidden="true" focusable="false"><use href="{}#{}"></use></svg>',
        extra,
        static("icons.svg"),
        name,
    )


@register.simple_tag
def verdict(code: str, extra: str = "") -> SafeString:
    """Return a verdict as it is shown everywhere: colour, icon and word, always all three."""
    return tagged(VERDICTS.get(code, Label(code, "unknown", "unknown")), extra)


@register.simple_tag
def outcome(code: str) -> SafeString:
    """Return how a pass ended."""
    return tagged(OUTCOMES.get(code, Label(code, "unknown", "unknown")))


@register.simple_tag
def incident_state(code: str) -> SafeString:
    """Return how an incident stands."""
    return tagged(INCIDENT_STATES.get(code, Label(code, "unknown", "unknown")))


def tagged(label: Label, extra: str = "") -> SafeString:
    """Return a label as a tag: colour, icon and word."""
    return format_html('<span class="tag tone-{} {}">{}{}</span>', label.tone, extra, icon(label.icon), label.word)


@register.filter
def verdict_word(code: str) -> str:
    return str(VERDICTS[code].word) if code in VERDICTS else code


@register.filter
def verdict_icon(code: str) -> str:
    return VERDICTS[code].icon if code in VERDICTS else "unknown"


@register.filter
def tone(code: str) -> str:
    return VERDICTS[code].tone if code in VERDICTS else "unknown"


@register.filter
def status_word(code: str) -> str:
    """Return the status in the viewer's language; a status that the host invented is shown as it is."""
    return str(STATUSES[code]) if code in STATUSES and code != "other" else code


@register.filter
def state_word(code: str) -> str:
    return wording.title(code, get_language() or "en") if code else ""


@register.filter
def phase_word(code: str) -> str:
    return str(PHASES.get(code, code))


@register.filter
def trigger_word(code: str) -> str:
    return str(TRIGGERS.get(code, code))


@register.filter
def incident_state_word(code: str) -> str:
    return str(INCIDENT_STATES[code].word) if code in INCIDENT_STATES else code


@register.filter
def role_word(code: str) -> str:
    return str(ROLES.get(code, code))


@register.filter
def cause_title(code: str) -> str:
    """Return the title of a cause, a file finding or a condition in the viewer's language."""
    return wording.title(code, get_language() or "en") if code else ""
