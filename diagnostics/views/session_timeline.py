"""What happened to a session, newest first: the row's own times, what passes saw change, findings opened and resolved."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise

from django.utils.translation import gettext as _

from diagnostics.domain.facts import SessionRecord
from diagnostics.domain.wording.formatting import safe
from diagnostics.models import SessionEntry, SessionEvent
from diagnostics.templatetags.labels import cause_title, state_word, status_word, verdict_icon, verdict_word

LONGEST = 100


@dataclass(frozen=True, slots=True)
class Happening:
    """One line. `source` says who tells it: row (the host wrote it) or pass (we saw it)."""

    at: datetime
    text: str
    source: str
    icon: str = "history"
    tone: str = "none"
    code: str = ""


def timeline(entry: SessionEntry | None, record: SessionRecord | None) -> list[Happening]:
    """Return the newest happenings, at most a hundred; the row's times are the live ones where it was read."""
    happenings = [*_of_row(entry, record)]
    if entry is not None:
        told = [*_of_events(entry)]
        happenings += [*_of_passes(entry), *told, *_of_findings(entry, {(line.at, line.code) for line in told})]
    return sorted(happenings, key=lambda happening: happening.at, reverse=True)[:LONGEST]


def _of_row(entry: SessionEntry | None, record: SessionRecord | None) -> Iterator[Happening]:
    if record is not None:
        times = (record.created.at, record.updated.at, record.completed.at)
    elif entry is not None:
        times = (entry.created_at, entry.updated_at, entry.completed_at)
    else:
        return
    words = (_("Created, by the row"), _("Last changed, by the row"), _("Completed, by the row"))
    for at, word in zip(times, words, strict=True):
        if at is not None:
            yield Happening(at, word, "row", "database")


def _of_passes(entry: SessionEntry) -> Iterator[Happening]:
    known = (
        (entry.first_seen_at, _("First seen by a pass"), "passes"),
        (entry.gone_at, _("Row no longer in the host’s table"), "unplug"),
    )
    for at, word, icon in known:
        if at is not None:
            yield Happening(at, word, "pass", icon)


def _of_events(entry: SessionEntry) -> Iterator[Happening]:
    """What changed from one event to the next; the oldest one read is only what the next is compared with."""
    newest = list(entry.events.order_by("-at", "-id")[: LONGEST + 1])
    events = [None, *reversed(newest)] if len(newest) <= LONGEST else list(reversed(newest))
    for before, event in pairwise(events):
        if event is not None:
            yield from _changes(before, event)


def _changes(before: SessionEvent | None, event: SessionEvent) -> Iterator[Happening]:
    if before is not None and before.status != event.status:
        old = status_word(safe(before.status))
        yield Happening(event.at, _change(_("Status"), old, status_word(safe(event.status)) or "–"), "pass", "refresh")
    if before is not None and before.progress_percent != event.progress_percent and event.progress_percent is not None:
        earlier = None if before.progress_percent is None else f"{before.progress_percent:g}%"
        yield Happening(
            event.at, _change(_("Progress"), earlier, f"{event.progress_percent:g}%"), "pass", "arrow-right"
        )
    if before is None or (before.verdict, before.cause) != (event.verdict, event.cause):
        what = cause_title(event.cause) or state_word(event.state)
        text = f"{verdict_word(event.verdict)} · {what}"
        icon, tone = verdict_icon(event.verdict), event.verdict.replace("_", "-")
        yield Happening(event.at, text, "pass", icon, tone, event.cause)


def _change(name: str, old: str | None, new: str) -> str:
    change = f"{old} → {new}" if old else new
    return _("{name}: {change}").replace("{name}", name).replace("{change}", change)


def _of_findings(entry: SessionEntry, told: set[tuple[datetime, str]]) -> Iterator[Happening]:
    """Findings opened and resolved; the opening of one that changed the verdict is told by that change."""
    for finding in entry.findings.order_by("-opened_at")[:LONGEST]:
        title = cause_title(finding.code)
        opened = _("Found again: {title}") if finding.times_opened > 1 else _("Found: {title}")
        if (finding.opened_at, finding.code) not in told:
            yield Happening(
                finding.opened_at, opened.replace("{title}", title), "pass", "warning", "warning", finding.code
            )
        if finding.resolved_at is not None:
            text = _("Resolved: {title}").replace("{title}", title)
            yield Happening(finding.resolved_at, text, "pass", "playable", "playable", finding.code)
