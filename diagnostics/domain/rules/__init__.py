"""RULES, one module a chapter of the guide, and diagnose(): from evidence to a conclusion."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from datetime import MAXYEAR, UTC, datetime, timedelta

from diagnostics.domain import clock, observations
from diagnostics.domain.causes import CATALOGUE, PRECEDENCE, verdict_of
from diagnostics.domain.diagnosis import Diagnosis, State, Verdict
from diagnostics.domain.facts import Confidence, Evidence, Finding
from diagnostics.domain.rules import client, delivery, files, generation, gone, host_answer, records, requests, worker
from diagnostics.domain.traces import Reason

Rule = Callable[[Evidence], Iterator[Finding]]

RULES: tuple[Rule, ...] = (
    records.unavailable_storage,
    records.remote_path,
    records.unknown_status,
    records.unsafe_path,
    records.missing_path,
    gone.purged_file,
    gone.misplaced_file,
    gone.deleted_file,
    gone.missing_file,
    files.unreadable_file,
    files.not_a_file,
    files.empty_file,
    files.corrupt_file,
    files.truncated_file,
    files.name_collision,
    files.names_other_session,
    files.size_mismatch,
    files.wrong_duration,
    files.silent_file,
    records.half_committed,
    generation.failed_generation,
    worker.lagging_status,
    worker.not_picked_up,
    worker.crashed_worker,
    worker.stalled_worker,
    records.expired_link,
    delivery.refused_link,
    client.expired_link_reported,
    client.wrong_url,
    client.wrong_url_reported,
    delivery.not_served,
    delivery.not_audio,
    delivery.no_range,
    delivery.bad_certificate,
    host_answer.api_disagrees,
    client.timed_out,
    client.bad_response,
    client.network,
    records.stale_error,
    records.time_disorder,
    requests.duplicate_request,
    records.bad_name,
    records.odd_progress,
    files.trailing_bytes,
    files.predates_session,
)

UNTOUCHED = {
    "completed": (Verdict.PLAYABLE, State.OK),
    "pending": (Verdict.NOT_READY, State.WAITING),
    "generating": (Verdict.NOT_READY, State.GENERATING),
    "failed": (Verdict.BROKEN, State.FAILED),
}
# A mount, a folder's permissions, a link's target change without the file's own row in a listing.
LISTING_CANNOT_TELL = ("storage.unavailable", "file.unreadable", "file.not_a_file", "path.unsafe")
AT_EVERY_LOOK = datetime(1970, 1, 1, tzinfo=UTC)
CONTRADICTED_BY_AGE = ("relink", "complete")


def diagnose(evidence: Evidence, rules: tuple[Rule, ...] = RULES) -> Diagnosis:
    """Return what is wrong with one session, and how that is known. Never raises: a rule that does is a finding."""
    if files.is_cleared_on_purpose(evidence):
        return _conclude(evidence, (), Verdict.EXPIRED, State.EXPIRED)
    found = _in_order(evidence, _answers(rules, evidence))
    held = clock.settles_until(evidence) is not None
    called = tuple(finding for finding in found if not (held and CATALOGUE[finding.code].is_held_while_settling))
    is_settling = len(called) < len(found)
    verdict, state = UNTOUCHED.get(evidence.record.status or "", (Verdict.UNKNOWN, State.FAULTY))
    if is_settling and state is not State.FAILED:
        verdict, state = Verdict.NOT_READY, State.SETTLING
    grave = next((v for f in called if (v := verdict_of(f)) not in (None, Verdict.PLAYABLE)), None)
    if grave is not None and state is not State.FAILED:
        verdict, state = grave, State.FAULTY
    return _conclude(evidence, called, verdict, state)


def _answers(rules: tuple[Rule, ...], evidence: Evidence) -> list[Finding]:
    found: list[Finding] = []
    for rule in rules:
        try:
            found.extend(rule(evidence))
        except Exception:
            name = getattr(rule, "__name__", "rule")
            logging.getLogger(__name__).exception("rule %s crashed on session %r", name, evidence.record.key)
            found.append(Finding("rule.crashed", Confidence.CERTAIN, values={"rule": name}))
    return found


def _in_order(evidence: Evidence, findings: list[Finding]) -> list[Finding]:
    """By precedence; for a failed session an unavailable store is a further finding, never the cause."""
    failed = evidence.record.status == "failed"

    def place(finding: Finding) -> int:
        return len(PRECEDENCE) if failed and finding.code == "storage.unavailable" else PRECEDENCE[finding.code]

    return sorted(findings, key=place)


def _conclude(evidence: Evidence, findings: tuple[Finding, ...], verdict: Verdict, state: State) -> Diagnosis:
    return Diagnosis(
        session_id=evidence.record.key,
        status=evidence.record.status,
        verdict=verdict,
        state=state,
        findings=findings,
        evidence=findings[0].evidence if findings else observations.of_healthy(evidence),
        observed_at=evidence.now,
        actions=_actions(findings),
        confidence=findings[0].confidence if findings else Confidence.CERTAIN,
        values=_state_values(evidence, state),
        due_at=_due_at(evidence, findings),
    )


def _actions(findings: tuple[Finding, ...]) -> tuple[str, ...]:
    """The remedies of the findings, the cause's first; a file older than its session is never linked by us."""
    codes = {finding.code for finding in findings}
    names = dict.fromkeys(name for finding in findings for name in CATALOGUE[finding.code].actions)
    if "file.predates_session" in codes:
        names = dict.fromkeys(name for name in names if name not in CONTRADICTED_BY_AGE)
    if any(finding.code == "file.misplaced" and finding.values.get("count") != 1 for finding in findings):
        names.pop("relink", None)
    if any(finding.values.get("is_restorable") is False for finding in findings):
        names.pop("restore", None)
    return tuple(names)


def _state_values(evidence: Evidence, state: State) -> dict[str, object]:
    """What the sentence of a state without a cause tells."""
    audio, record = evidence.audio, evidence.record
    if state is State.OK and audio and audio.header:
        return {"size_bytes": audio.size_bytes, "duration_seconds": audio.header.seconds_present}
    if state is State.WAITING:
        waited = clock.seconds_since(evidence, clock.pending_since(evidence))
        return {"waiting_seconds": waited, "position": evidence.queue.position}
    if state is State.GENERATING:
        return {"still_seconds": worker.still_seconds(evidence), "progress_percent": record.progress_percent}
    if state is State.SETTLING:
        return {"settle_seconds": evidence.limits.settle_seconds}
    if state is State.EXPIRED:
        removal = evidence.standing_removal
        removed_at = removal.at if removal and removal.reason is Reason.RETENTION else None
        return {"age_seconds": clock.seconds_since(evidence, record.finished_at), "removed_at": removed_at}
    return {}


def _due_at(evidence: Evidence, findings: tuple[Finding, ...]) -> datetime | None:
    """When it may change though neither row nor file does: what no listing tells is looked at again every time."""
    if evidence.record.status in ("pending", "generating") or any(_cannot_be_listed(evidence, f) for f in findings):
        return AT_EVERY_LOOK
    if generation.may_be_explained(evidence, findings):
        return AT_EVERY_LOOK
    ends = [clock.settles_until(evidence), _future(evidence, clock.retention_ends_at(evidence))]
    ends += [_future(evidence, moment) for moment in (*_times_ahead(evidence), *_ends_ahead(evidence))]
    return min((end for end in ends if end is not None), default=None)


def _cannot_be_listed(evidence: Evidence, finding: Finding) -> bool:
    """Whether it may end unseen by a pass; of what keeps READING_USER out, each sees the file and its folders."""
    is_seen = finding.code == "file.unreadable" and evidence.reader is not None and evidence.reader.is_watched
    return finding.code in LISTING_CANNOT_TELL and not is_seen


def _ends_ahead(evidence: Evidence) -> tuple[datetime | None, ...]:
    """A signed link ends, and so does the time in which a file can be restored."""
    removal = evidence.standing_removal
    return records.link_ends_at(evidence), removal.restorable_until if removal else None


def _times_ahead(evidence: Evidence) -> list[datetime | None]:
    """A time in the future stops being one when it comes; most sessions have none."""
    record = evidence.record
    modified = evidence.audio.modified_at if evidence.audio else None
    times = (record.created.at, record.updated.at, record.completed.at, modified)
    return [
        time + timedelta(seconds=1)
        for time in times
        if time is not None and time > evidence.now and time.year < MAXYEAR
    ]


def _future(evidence: Evidence, time: datetime | None) -> datetime | None:
    return time if time is not None and time > evidence.now else None
