"""What the page of one rule shows: the form with units and defaults, who is told, the back-test, and what was changed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from django.forms import BoundField
from django.urls import NoReverseMatch, reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from diagnostics.alerts.backtest import LIMIT_SECONDS, Backtest
from diagnostics.alerts.backtest_span import COVERED
from diagnostics.domain.alerts.replay import Spell
from diagnostics.domain.alerts.rules import DAY
from diagnostics.domain.wording import alerts as words
from diagnostics.templatetags.formats import duration
from diagnostics.views.access import roles_with
from sessions_admin.alerting import recipients
from sessions_admin.alerting.levels import Standing
from sessions_admin.alerting.levels_form import LEVELS, TIMES, LevelsForm
from sessions_admin.alerting.recipients import Recipient
from sessions_admin.alerting.recipients_form import RecipientsForm
from sessions_admin.alerting.rule_shown import changes, default_words, language, shown, with_units
from sessions_admin.permissions import ADMINISTER

WIDTH = 240.0  # of the timeline, in its own units
NARROWEST = 1.2  # what fired for minutes of 30 days is seen all the same
LISTED_SPELLS = 100


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the form: its label, the field of the number, what is behind it, and the default in words."""

    label: str
    number: BoundField
    unit: BoundField | None
    unit_word: str | Promise
    default: str


@dataclass(frozen=True, slots=True)
class Mark:
    """One rectangle of the timeline, in its units, and its tooltip."""

    x: float
    width: float
    spell: Spell


@dataclass(frozen=True, slots=True)
class Past:
    """One thing that would have fired, as a line of the table."""

    subject: str
    since: datetime
    until: datetime | None
    seconds: float


def rule_context(
    standing: Standing, form: LevelsForm, told: RecipientsForm | None, tried: Backtest | None, *, may_change: bool
) -> dict[str, object]:
    rule = standing.rule
    found = recipients.recipients(rule.name)
    context: dict[str, object] = {
        "shown": shown(standing),
        "form": form,
        "lines": list(_lines(form)) if may_change else [],
        "may_change": may_change,
        "allowed_roles": [] if may_change else roles_with(ADMINISTER),
        "recipients": _ticked(found, told),
        "told": told or RecipientsForm(initial={"seen": recipients.seen_of(found)}),
        "channels_url": _url("sessions_admin:channel_list"),
        "changes": changes(rule),
    }
    return context | (_tried(rule.name, tried) if tried else {})


def _lines(form: LevelsForm) -> Iterator[Line]:
    rule = form.rule
    defaults, units = default_words(rule), with_units(rule)
    labels = _labels(is_low_bad=rule.is_low_bad)
    for name in (*LEVELS, TIMES[0], "smallest_sample", *TIMES[1:]):
        field = f"{name}_number" if name in TIMES else name
        if field in form.fields:
            unit = form[f"{name}_unit"] if name in TIMES else None
            word = units.get(rule.unit, "") if name in LEVELS else _("sessions") if unit is None else ""
            yield Line(labels[name], form[field], unit, word, defaults[name])


def _labels(*, is_low_bad: bool) -> dict[str, str]:
    return {
        "raise_at": _("Fires below") if is_low_bad else _("Fires above"),
        "clear_at": _("Ends at this or above") if is_low_bad else _("Ends at this or below"),
        "window_seconds": _("Counted over the last"),
        "smallest_sample": _("Says nothing with fewer than"),
        "for_seconds": _("Fires once it held for"),
        "keep_seconds": _("Ends once well for"),
    }


def _ticked(found: list[Recipient], told: RecipientsForm | None) -> list[tuple[Recipient, bool]]:
    """Return the channels, ticked as they are told, or as they were ticked in a form that is shown again."""
    if told is None:
        return [(recipient, recipient.is_told) for recipient in found]
    told.is_valid()
    return [(recipient, recipient.channel.pk in told.ticked) for recipient in found]


def _tried(rule: str, tried: Backtest) -> dict[str, object]:
    until = tried.until
    first = until - COVERED
    listed = [
        Past(words.subject_text(rule, spell.subject, language()), spell.since, spell.until, spell.seconds(until))
        for spell in reversed(tried.episodes[-LISTED_SPELLS:])
    ]
    return {
        "tried": tried,
        "first": first,
        "is_short": tried.reaches_back_to > first,
        "covered": _covered((until - tried.reaches_back_to).total_seconds()),
        "uncovered": round(WIDTH * ((tried.reaches_back_to - first) / COVERED), 2),
        "marks": [_mark(spell, first, until) for spell in tried.episodes],
        "past": listed,
        "further": tried.fired - len(listed),
        "limit_seconds": LIMIT_SECONDS,
    }


def _covered(seconds: float) -> str:
    """Return a time as a sentence tells it: in days, where it is two or more."""
    days = int(seconds // DAY)
    return ngettext("{n} day", "{n} days", days).replace("{n}", str(days)) if days > 1 else duration(seconds)


def _mark(spell: Spell, first: datetime, until: datetime) -> Mark:
    begin = max((spell.since - first) / COVERED, 0.0) * WIDTH
    width = max(spell.seconds(until) / COVERED.total_seconds() * WIDTH, NARROWEST)
    return Mark(round(min(begin, WIDTH - NARROWEST), 2), round(min(width, WIDTH - begin + NARROWEST), 2), spell)


def _url(name: str) -> str:
    """Return an address; '' where there is no such page."""
    try:
        return reverse(name)
    except NoReverseMatch:
        return ""
