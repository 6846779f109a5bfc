"""How the audit's outcomes and the host's columns are shown."""

from __future__ import annotations

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.text import capfirst

from diagnostics.templatetags.labels import icon, role_word
from sessions_admin.models import AuditEntry

register = template.Library()

Kind = AuditEntry.Outcome
# Outcome -> (icon of the sprite, end of the CSS class)
LOOKS = {
    Kind.INTENT: ("arrow-right", "not-ready"),
    Kind.DONE: ("playable", "playable"),
    Kind.SKIPPED: ("minus", "expired"),
    Kind.REFUSED: ("lock", "broken"),
    Kind.FAILED: ("broken", "broken"),
    Kind.UNKNOWN: ("unknown", "unknown"),
}


@register.simple_tag
def audit_outcome(entry: AuditEntry) -> SafeString:
    """Return how an entry's action ended: colour, icon and word."""
    name, tone = LOOKS.get(Kind(entry.outcome), ("unknown", "unknown"))
    return format_html('<span class="tag tone-{}">{}{}</span>', tone, icon(name), capfirst(entry.get_outcome_display()))


@register.filter
def role_words(roles: str) -> str:
    """Return a list of roles, as the audit keeps it, in the viewer's language."""
    return ", ".join(role_word(role) for role in roles.split(", ") if role)


@register.filter
def lookup(words: dict[str, object], key: str) -> object:
    return words.get(key, key)
