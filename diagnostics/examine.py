"""One session, live: the row, the file and its header as they are now, each source within a time limit of its own."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import closing
from dataclasses import dataclass, field, replace
from datetime import datetime

from django.utils import timezone

from diagnostics import parts, sources
from diagnostics.budget import Budget
from diagnostics.domain import paths
from diagnostics.domain.client_report import ClientReport
from diagnostics.domain.diagnosis import Diagnosis
from diagnostics.domain.facts import Evidence, SessionRecord
from diagnostics.domain.rules import diagnose
from diagnostics.domain.trouble import Trouble
from diagnostics.host import HostSchemaError, HostTable, open_host
from diagnostics.live_look import Look
from diagnostics.live_memory import OWN_SECONDS, in_time
from diagnostics.probes.databases import HostUnavailable

EXAMINATION_SECONDS = 1.7  # of all sources together, so that the page is there within two seconds
HOST_SECONDS = 0.9


@dataclass(frozen=True, slots=True)
class Examination:
    """What a live look found. `found` is False where the host's table has no such row (and True where it did not answer).

    `problems` names each source that did not answer; `raw_row` is the row as it stands.
    """

    found: bool
    evidence: Evidence | None = None
    diagnosis: Diagnosis | None = None
    problems: tuple[Trouble, ...] = ()
    raw_row: Mapping[str, object] = field(default_factory=dict)
    seconds: float = 0.0


def examine(
    key: str,
    *,
    listen: bool = False,
    report: ClientReport | None = None,
    clock: Callable[[], datetime] = timezone.now,
) -> Examination:
    """Return the live examination of the session whose key reads as this text. Never raises for what a source does.

    With `listen`, its file is listened to as well, which may take seconds beyond the budget of the other sources. With
    `report`, what its client said is evidence, too.
    """
    budget = Budget(EXAMINATION_SECONDS)
    try:
        table = open_host(sources.host_source(timeout_seconds=HOST_SECONDS, total_seconds=budget.seconds))
    except HostSchemaError as error:
        return Examination(found=True, problems=(Trouble("host.schema", str(error)),), seconds=budget.spent)
    except HostUnavailable as error:
        return Examination(found=True, problems=(host_trouble(error),), seconds=budget.spent)
    with closing(table.connection):
        try:
            row = table.find(key)
        except HostUnavailable as error:
            return Examination(found=True, problems=(host_trouble(error),), seconds=budget.spent)
        if row is None:
            return Examination(found=False, seconds=budget.spent)
        with in_time(budget.at_most(OWN_SECONDS)):
            evidence, problems = gather(table, table.record(row), clock(), budget, listen=listen)
        evidence = _with_report(evidence, report)
        return Examination(
            found=True,
            evidence=evidence,
            diagnosis=diagnose(evidence),
            problems=problems,
            raw_row=table.as_mapping(row),
            seconds=budget.spent,
        )


def _with_report(evidence: Evidence, report: ClientReport | None) -> Evidence:
    """A report is of now unless it says otherwise; its URL is understood by the same rules as a row's path."""
    if report is None:
        return evidence
    asked = paths.understand(report.url, sources.store_layout()) if report.url else None
    return replace(evidence, report=replace(report, reported_at=report.reported_at or evidence.now), asked=asked)


def host_trouble(error: HostUnavailable) -> Trouble:
    return Trouble(f"host.{error.problem}", str(error))


def gather(
    table: HostTable, record: SessionRecord, now: datetime, budget: Budget, *, listen: bool = False
) -> tuple[Evidence, tuple[Trouble, ...]]:
    """Return the evidence of one row as things stand now, and what could not be asked."""
    look = Look(table, record, now, budget, listen=listen)
    look.doubt_absence()
    entry = look.entry
    evidence = Evidence(
        record=record,
        now=now,
        limits=sources.limits(),
        claim=look.claim,
        store=look.store_facts,
        audio=look.audio,
        former=look.former,
        candidates=look.candidates,
        other_claimants=look.others,
        growing=look.growing,
        first_complete_pass_at=look.first_complete_pass_at,
        first_seen_at=entry.first_seen_at if entry else None,
        generating_since=entry.generating_since if entry else None,
        moved_at=look.moved_at,
        reset_at=entry.reset_at if entry else None,
        queue=look.place,
        reader=look.reader,
        reader_at_root=look.reader_at_root,
        writer=look.writer,
        resources=look.resources,
        removal=look.removal,
        sound=look.sound,
        processes=look.processes,
        parts=look.parts,
        watched_parts=parts.watched(),
        unanswered=look.unanswered(),
    )
    evidence = replace(evidence, other_requests=look.other_requests(evidence))
    evidence = replace(evidence, delivery=look.delivery(), host_answer=look.host_api.settled())
    return evidence, look.troubles()
