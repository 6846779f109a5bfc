"""The report in words, in the language that is active: one sheet, which page, HTML mail and text mail lay out each their way."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta

from django.conf import settings
from django.utils import timezone
from django.utils.formats import number_format
from django.utils.text import capfirst
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from diagnostics.domain import wording
from diagnostics.domain.rates.figures import CauseCount, LeftOut, Rate, Rates
from diagnostics.domain.rates.reasons import points_between, reasons_of
from diagnostics.domain.wording import alerts as alert_words
from diagnostics.domain.wording.rates import patience_sentence, signed_points, why_sentence
from diagnostics.models import Episode
from diagnostics.templatetags.formats import NOTHING, count, duration, percent
from sessions_admin.report.build import Alerts, Opened, Report
from sessions_admin.templatetags.markers import Shown

MOST_CAUSES = 6
CHINESE = "zh-hans"
Cells = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Section:
    """A table: its title, the heads of its columns, its rows; `empty` is said where there are none. `name` is its id."""

    name: str
    title: str
    heads: Cells
    rows: tuple[Cells, ...]
    empty: str
    note: str = ""

    @property
    def lines(self) -> list[str]:
        """Each row as a line of plain text."""
        if get_language() == CHINESE:
            colon, comma = "：", "，"
        else:
            colon, comma = ": ", ", "
        told = ([f"{head} {cell}" for head, cell in zip(self.heads[1:], row[1:], strict=True)] for row in self.rows)
        return [f"{row[0]}{colon}{comma.join(cells)}" for row, cells in zip(self.rows, told, strict=True)]


@dataclass(frozen=True, slots=True)
class Sheet:
    """The whole report: `span` says which days of which zone, `lead` the one sentence that it comes to, `reasons` why."""

    title: str
    span: str
    lead: str
    reasons: tuple[str, ...]
    notes: tuple[str, ...]
    sections: tuple[Section, ...]


def sheet_of(report: Report) -> Sheet:
    return Sheet(
        title=_("Weekly report"),
        span=_span(report),
        lead=_lead(report.figures.by_file, report.before.by_file),
        reasons=tuple(_reasons(report)),
        notes=tuple(_notes(report)),
        sections=(
            _figures(report.figures, report.before),
            _causes(report.figures.causes),
            _alerts(report.alerts),
            _incidents(report),
            _markers(report.markers),
        ),
    )


def days_of(report: Report) -> str:
    sunday = report.monday + timedelta(days=6)
    return _("%(first)s to %(last)s") % {"first": report.monday.isoformat(), "last": sunday.isoformat()}


def _span(report: Report) -> str:
    return _("%(days)s (%(zone)s)") % {"days": days_of(report), "zone": timezone.get_default_timezone_name()}


def rate_text(rate: Rate) -> str:
    """Return a rate as it may be said: in percent only where there are enough."""
    if not rate.of:
        return NOTHING
    if not rate.is_enough:
        return _("%(good)s of %(all)s") % {"good": count(rate.good), "all": count(rate.of)}
    return percent(rate.good, rate.of)


def _lead(rate: Rate, before: Rate) -> str:
    told = {"rate": rate_text(rate), "good": count(rate.good), "all": count(rate.of)}
    if not rate.of:
        return _("No session ended in this week.")
    if not rate.is_enough:
        return _("%(good)s of %(all)s sessions that ended were playable: too few for a rate.") % told
    points = points_between(rate, before)
    if points is None:
        return (
            _("%(rate)s of %(all)s sessions that ended were playable; the week before had too few to compare.") % told
        )
    told["points"] = number_format(round(abs(points), 1), 1)
    if round(points, 1) > 0:
        return (
            _("%(rate)s of %(all)s sessions that ended were playable, %(points)s points more than the week before.")
            % told
        )
    if round(points, 1) < 0:
        return (
            _("%(rate)s of %(all)s sessions that ended were playable, %(points)s points fewer than the week before.")
            % told
        )
    return _("%(rate)s of %(all)s sessions that ended were playable, as in the week before.") % told


def _reasons(report: Report) -> Iterable[str]:
    """Why the rate changed, and what the client's patience costs; each where there is something to tell."""
    language, wait = get_language() or "en", settings.LIMITS.client_timeout_seconds
    if change := reasons_of(report.figures, report.before):
        yield why_sentence(change, language)
    patience = report.figures.times.patience
    if patience.get(wait):
        yield patience_sentence(patience, wait, language)


def _notes(report: Report) -> Iterable[str]:
    if not report.is_whole:
        yield _("Not everything of this week is counted yet: these figures may still grow.")
    left: LeftOut = report.figures.left_out
    number = left.settling + left.unchecked + left.undated
    if number:
        told = {"number": count(number), "open": count(left.settling + left.unchecked), "undated": count(left.undated)}
        yield (
            ngettext(
                "%(number)s session that ended is in no rate: %(open)s could not be checked, %(undated)s had no usable time.",
                "%(number)s sessions that ended are in no rate: %(open)s could not be checked, %(undated)s had no usable time.",
                number,
            )
            % told
        )


def _figures(now: Rates, then: Rates) -> Section:
    heads = (_("Figure"), _("this week"), _("week before"), _("change"))
    rows = (
        _rate_row(_("Playable, by the file itself"), now.by_file, then.by_file),
        _rate_row(_("Completed, as the host says"), now.by_status, then.by_status),
        *(_number_row(word, *pair) for word, pair in _numbers(now, then)),
        _users_row(now, then),
        _time_row(_("Generation time, median"), now.times.median, then.times.median),
        _time_row(_("Generation time, 95 in 100 within"), now.times.p95, then.times.p95),
    )
    return Section("figures", _("Figures"), heads, rows, "", _("A rate of fewer than 10 sessions is not drawn."))


def _numbers(now: Rates, then: Rates) -> Iterable[tuple[str, tuple[int, int]]]:
    yield _("Completed"), (now.completed, then.completed)
    yield _("Failed"), (now.failed, then.failed)
    yield _("Stuck past their limit"), (now.stuck, then.stuck)
    yield _("Completed, and not playable"), (now.unplayable, then.unplayable)
    yield _("Playable at first, lost since"), (now.lost, then.lost)


def _rate_row(word: str, now: Rate, then: Rate) -> Cells:
    points = points_between(now, then)
    return word, rate_text(now), rate_text(then), NOTHING if points is None else signed_points(points)


def _number_row(word: str, now: int, then: int) -> Cells:
    return word, count(now), count(then), _signed(now - then)


def _users_row(now: Rates, then: Rates) -> Cells:
    about = [count(users.number) if users.is_exact else f"≈ {count(users.number)}" for users in (now.users, then.users)]
    return _("Users whom something failed"), *about, _signed(now.users.number - then.users.number)


def _time_row(word: str, now: float | None, then: float | None) -> Cells:
    both = now is not None and then is not None
    change = _signed((now - then) * 100 / then, 0, " %") if both and now is not None and then else NOTHING
    return word, duration(_whole(now)), duration(_whole(then)), change


def _whole(seconds: float | None) -> float | None:
    """Quantiles are within 1.6 percent: no part of a second is true from a minute on."""
    return seconds if seconds is None or seconds < 10 else round(seconds)


def _signed(value: float, digits: int = 0, unit: str = "") -> str:
    if round(value, digits) == 0:
        return "±0"
    sign = "+" if value > 0 else "−"
    return f"{sign}{number_format(round(abs(value), digits), digits, use_l10n=True, force_grouping=True)}{unit}"


def _causes(causes: Iterable[CauseCount]) -> Section:
    language = get_language() or "en"
    rows = tuple(
        (
            wording.title(cause.code, language) if cause.code else _("No cause was found"),
            count(cause.number),
            count(cause.before),
        )
        for cause in list(causes)[:MOST_CAUSES]
    )
    heads = (_("Cause"), _("this week"), _("week before"))
    return Section("causes", _("Why sessions were not playable"), heads, rows, _("Nothing failed."))


def _alerts(alerts: Iterable[Alerts]) -> Section:
    rows = tuple((_alert(one), count(one.episodes), _lasted(one)) for one in alerts)
    heads = (_("Alert"), _("times"), _("altogether"))
    return Section("alerts", _("Alerts"), heads, rows, _("No alert fired."))


def _alert(one: Alerts) -> str:
    title = alert_words.title(one.rule, get_language() or "en")
    return _("%(alert)s (could not be evaluated)") % {"alert": title} if one.kind == Episode.Kind.ERROR else title


def _lasted(one: Alerts) -> str:
    lasted = duration(round(one.seconds))
    return _("%(length)s, and on") % {"length": lasted} if one.is_open else lasted


def _incidents(report: Report) -> Section:
    rows = tuple(_incident(one) for one in report.opened)
    note = _("Opened: %(opened)s. Resolved: %(resolved)s.") % {
        "opened": count(report.opened_number),
        "resolved": count(report.resolved_number),
    }
    heads = (_("Incident"), _("sessions"), _("state"))
    return Section("incidents", _("Incidents"), heads, rows, _("No incident opened."), note)


def _incident(one: Opened) -> Cells:
    title = wording.title(one.code, get_language() or "en")
    return title, count(one.sessions), _("opened again") if one.is_again else _("new")


def _markers(markers: Iterable[Shown]) -> Section:
    zone = timezone.get_default_timezone()
    rows = tuple(
        (marker.text, capfirst(marker.word), marker.at.astimezone(zone).strftime("%Y-%m-%d %H:%M"))
        for marker in markers
    )
    heads = (_("What happened"), _("kind"), _("at"))
    return Section("markers", _("Markers"), heads, rows, _("No marker was set."))
