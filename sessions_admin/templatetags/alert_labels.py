"""How the states of alerts and of their episodes are shown: colour, icon and word."""

from __future__ import annotations

from django import template
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from diagnostics.templatetags.labels import Label, tagged
from sessions_admin.views.alerts_history import EpisodeRow
from sessions_admin.views.alerts_shown import label_of

register = template.Library()


@register.filter
def unbroken(sentence: str) -> str:
    """Return a sentence in which no line ends between a number and its percent sign."""
    return sentence.replace(" %", "\N{NO-BREAK SPACE}%")


@register.simple_tag
def alert_look(look: Label) -> SafeString:
    return tagged(look)


@register.simple_tag
def episode_look(episode: EpisodeRow) -> SafeString:
    if not episode.is_over:
        return tagged(label_of("error" if episode.is_error else "firing"))
    if episode.is_error:
        return tagged(Label(_("Could be told again"), "check", "expired"))
    return tagged(Label(_("Over"), "check", "expired"))
