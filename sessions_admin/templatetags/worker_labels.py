"""How the states of workers and of their tasks are shown."""

from __future__ import annotations

from django import template
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from diagnostics.templatetags.labels import Label, tagged

register = template.Library()

LIVES = {
    "alive": Label(_("Alive"), "playable", "playable"),
    "silent": Label(_("Silent: gone, or cut off"), "broken", "broken"),
    "ended": Label(_("Ended"), "minus", "expired"),
}
COURSES = {
    "running": Label(_("Running"), "process", "not-ready"),
    "abandoned": Label(_("Left by a worker that is gone"), "warning", "warning"),
    "overdue": Label(_("Overdue"), "warning", "warning"),
    "waiting": Label(_("Waiting for its time"), "not-ready", "expired"),
    "never": Label(_("Never ran"), "unknown", "unknown"),
}
ENDS = {
    "done": Label(_("Done"), "playable", "playable"),
    "failed": Label(_("Failed"), "broken", "broken"),
}


@register.simple_tag
def life_state(code: str) -> SafeString:
    return tagged(LIVES[code])


@register.simple_tag
def course_state(code: str) -> SafeString:
    return tagged(COURSES[code])


@register.simple_tag
def task_end(code: str) -> SafeString:
    return tagged(ENDS[code])
