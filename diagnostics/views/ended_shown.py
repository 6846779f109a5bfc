"""The filter "ended then, in that way, with that cause" of the list of sessions, in words."""

from __future__ import annotations

from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from diagnostics.session_query import Scope
from diagnostics.templatetags.labels import cause_title
from diagnostics.views.rates_shown import span_words, zone_words

# What is no filter of its own: all outcomes of a time.
UNTOLD = (("outcome", "all"),)
OUTCOME_WORDS: dict[str, str | Promise] = {
    "playable": gettext_lazy("Playable when it finished"),
    "unplayable": gettext_lazy("Completed, but not playable"),
    "failed": gettext_lazy("Failed then"),
    "stuck": gettext_lazy("Stuck past its limit"),
    "lost": gettext_lazy("Playable then, lost since"),
    "completed": gettext_lazy("Completed then"),
    "left_out": gettext_lazy("Left out of the rates"),
}


def ended_words(scope: Scope) -> dict[str, dict[str, str]]:
    """Return the words of the filter's fields by name and value; times are those of the dashboard, as on the rates page."""
    ended, zone = scope.ended, timezone.get_default_timezone()
    if ended is None:
        return {}
    span = f"{span_words(ended.since, ended.until, zone)}, {zone_words(zone, ended.until)}"
    cause = _("Ended with: {cause}").replace("{cause}", cause_title(ended.cause))
    return {
        "ended_from": {scope.ended_from: _("Ended {span}").replace("{span}", span)},
        "outcome": {name: str(word) for name, word in OUTCOME_WORDS.items()},
        "ended_cause": {ended.cause: cause},
    }
