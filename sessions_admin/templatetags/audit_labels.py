"""How the audit's outcomes and the host's columns are shown."""

from __future__ import annotations

from collections.abc import Sequence

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from diagnostics.live_memory import remembered
from diagnostics.templatetags.labels import icon, role_word
from diagnostics.views.session_timeline import LONGEST, Happening
from sessions_admin.audit_words import audit_words
from sessions_admin.models import AuditEntry, PlanItem, Telling
from sessions_admin.telling.progress import trouble_with

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
def audit_outcome(entry: AuditEntry | PlanItem) -> SafeString:
    """Return how an entry, or an item of a run, ended: colour, icon and word."""
    name, tone = LOOKS.get(Kind(entry.outcome), ("unknown", "unknown"))
    return format_html('<span class="tag tone-{}">{}{}</span>', tone, icon(name), capfirst(entry.get_outcome_display()))


@register.filter
def role_words(roles: str) -> str:
    """Return a list of roles, as the audit keeps it, in the viewer's language."""
    return ", ".join(role_word(role) for role in roles.split(", ") if role)


@register.filter
def lookup(words: dict[str, object], key: str) -> object:
    return words.get(key, key)


@register.filter
def with_audit(happenings: Sequence[Happening], key: str) -> list[Happening]:
    """Return a session's timeline with what people did to it among the rest: who, what, why, and what came of it."""
    newest = AuditEntry.objects.filter(session=key).defer("before", "after").order_by("-seq")[:LONGEST]
    entries = remembered(lambda: list(newest)) or []
    done = {(entry.operation, entry.number) for entry in entries if not entry.is_intent}
    told = [
        _happening(entry) for entry in entries if not entry.is_intent or (entry.operation, entry.number) not in done
    ]
    trouble = remembered(lambda: trouble_with(key))
    if trouble:
        told.append(_untold(trouble))
    return sorted([*happenings, *told], key=lambda happening: happening.at, reverse=True)[:LONGEST]


def _happening(entry: AuditEntry) -> Happening:
    name, tone = LOOKS.get(Kind(entry.outcome), ("unknown", "unknown"))
    title = audit_words().get(entry.action, entry.action)
    text = _("{who}: {action}, {outcome}")
    told = {"who": entry.actor, "action": str(title), "outcome": str(entry.get_outcome_display())}
    for placeholder, value in told.items():
        text = text.replace(f"{{{placeholder}}}", value)
    return Happening(entry.at, f"{text} · {entry.reason}" if entry.reason else text, "audit", name, tone)


def _untold(telling: Telling) -> Happening:
    """The host does not know that the session waits for it."""
    text = _("The host could not be told that it is pending ({error})").replace("{error}", telling.error)
    return Happening(telling.given_up_at or telling.made_at, text, "audit", "unplug", "broken")
