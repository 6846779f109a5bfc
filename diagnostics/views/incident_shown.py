"""An incident as pages show it: its sentence in the viewer's language, its state, its times, its sessions over time."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from diagnostics import incidents
from diagnostics.domain.wording.incidents import incident_label, incident_sentence, incident_title, incident_value
from diagnostics.models import Incident
from diagnostics.templatetags.charts import Stack
from diagnostics.templatetags.formats import count, moment
from diagnostics.templatetags.labels import VERDICTS

HOURLY_UP_TO = timedelta(hours=48)
MOST_COLUMNS = 60
# What came before the first session is shown too, so that a beginning looks like one.
FEWEST_HOURS, FEWEST_DAYS = 24, 14


@dataclass(frozen=True, slots=True)
class ShownIncident:
    """One incident. `last_seen_at` is the last pass that saw it; `label` and `value` tell what is shared, '' where nothing is."""

    row: Incident
    state: str
    sentence: str
    title: str
    label: str
    value: str
    last_seen_at: datetime | None


def shown(row: Incident, now: datetime, passed_at: datetime | None) -> ShownIncident:
    """Return an incident for its page or a line of the list; `passed_at` is when the last complete pass ended."""
    language, zone, is_over = get_language() or "en", timezone.get_current_timezone(), row.resolved_at is not None
    return ShownIncident(
        row=row,
        state=incidents.state(row, now),
        sentence=incident_sentence(
            row.kind,
            row.code,
            row.values,
            language,
            zone,
            sessions=row.most_sessions if is_over else row.sessions,
            since=row.opened_at,
            is_over=is_over,
        ),
        title=incident_title(row.kind, language),
        label=incident_label(row.kind, language),
        value=incident_value(row.kind, row.values, language, zone),
        last_seen_at=row.seen_at if is_over else passed_at,
    )


def ranked(content: Mapping[str, Any], *, is_named: bool) -> list[dict[str, object]]:
    """Return the incidents of a snapshot. Who may not see sessions is told the kind alone: a path or an error names them."""
    return [
        {**told, "text": _sentence_of(told) if is_named else incident_title(told["kind"], get_language() or "en")}
        for told in content.get("incidents", {}).get("ranked", [])
    ]


def _sentence_of(told: Mapping[str, Any]) -> str:
    return incident_sentence(
        told["kind"],
        told["code"],
        told["values"],
        get_language() or "en",
        timezone.get_current_timezone(),
        sessions=told["sessions"],
        since=moment(told["opened_at"]),
    )


@dataclass(frozen=True, slots=True)
class Course:
    """How many sessions were begun in each hour or day (`unit`): columns of a chart, and the rows of its table."""

    unit: str
    stacks: list[Stack]
    rows: list[tuple[str, int]]
    first: str
    last: str


def course(times: Sequence[datetime], verdict: str) -> Course | None:
    """Return the course of sessions begun at these times, newest first; None where there are none."""
    if not times:
        return None
    if times[0] - times[-1] <= HOURLY_UP_TO:
        unit, columns = "hour", _by_hour(times)
    else:
        unit, columns = "day", _by_day(times)
    stacks = [Stack(f"{word} · {count(number)}", ((VERDICTS[verdict].tone, number),)) for word, number in columns]
    return Course(unit, stacks, [row for row in columns if row[1]], columns[0][0], columns[-1][0])


def _by_hour(times: Sequence[datetime]) -> list[tuple[str, int]]:
    numbers = Counter(int(time.timestamp() // 3600) for time in times)
    first = min(*numbers, max(numbers) - FEWEST_HOURS + 1)
    return [(_hour(number), numbers[number]) for number in range(first, max(numbers) + 1)]


def _hour(number: int) -> str:
    return timezone.localtime(datetime.fromtimestamp(number * 3600, UTC)).strftime("%m-%d %H:%M")


def _by_day(times: Sequence[datetime]) -> list[tuple[str, int]]:
    numbers = Counter(timezone.localtime(time).date().toordinal() for time in times)
    first = max(min(*numbers, max(numbers) - FEWEST_DAYS + 1), max(numbers) - MOST_COLUMNS + 1)
    days = range(first, max(numbers) + 1)
    return [(date.fromordinal(day).isoformat(), numbers[day]) for day in days]


def name_of(number: int) -> str:
    """Return the short name of an incident, for a filter that stands."""
    row = Incident.objects.ever().filter(pk=number).first()
    known = _("Incident {number}").replace("{number}", str(number))
    if row is None:
        return known
    return f"{known} · {incident_title(row.kind, get_language() or 'en')}"
