"""The guide's four steps as one chain: every check with its result, its evidence, and why one was not made."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from diagnostics.domain import chain_answers as answers
from diagnostics.domain import (
    chain_client,
    chain_delivery,
    chain_host_answer,
    chain_parts,
    chain_requests,
    chain_resources,
    client_claims,
    client_lines,
    suspects,
)
from diagnostics.domain import chain_rights as rights
from diagnostics.domain.causes import CATALOGUE, verdict_of
from diagnostics.domain.chain_answers import Answer
from diagnostics.domain.chain_sound import heard
from diagnostics.domain.diagnosis import Diagnosis, Verdict
from diagnostics.domain.facts import Evidence, Finding, Observation
from diagnostics.domain.parts import BROKER, CACHE, DATABASE, ENGINE
from diagnostics.domain.suspects import Suspect


@dataclass(frozen=True, slots=True)
class Check:
    """One question of the guide. `result` is ok, bad, notice or not_checked; `why` says why not, by its reason code.

    `finding` is what a rule found here; its evidence is the check's, and `codes` are all that were found.
    `observed_at` is the youngest of the evidence.
    """

    name: str
    result: str
    evidence: tuple[Observation, ...] = ()
    why: str = ""
    finding: Finding | None = None
    codes: tuple[str, ...] = ()

    @property
    def observed_at(self) -> datetime | None:
        return max((line.observed_at for line in self.evidence if line.observed_at), default=None)


@dataclass(frozen=True, slots=True)
class Step:
    """One of the four steps, 1 to 4; `is_where_it_broke` marks the one that holds the cause of a session in trouble."""

    number: int
    key: str
    checks: tuple[Check, ...]
    is_where_it_broke: bool = False

    @property
    def made(self) -> int:
        return sum(check.result != "not_checked" for check in self.checks)

    @property
    def result(self) -> str:
        """The gravest of the checks; in order only where at least half were made of those that the settings ask for."""
        results = {check.result for check in self.checks}
        grave = next((result for result in ("bad", "unknown", "notice") if result in results), "")
        asked_for = [check for check in self.checks if not check.why.endswith(chain_parts.NOT_WATCHED)]
        return grave or ("ok" if asked_for and 2 * self.made >= len(asked_for) else "not_checked")


@dataclass(frozen=True, slots=True)
class Question:
    """How a check is answered: by a finding of one of its codes, else by looking at the evidence itself."""

    name: str
    codes: tuple[str, ...]
    answer: Callable[[Evidence, Diagnosis], Answer]


QUESTIONS: dict[str, tuple[Question, ...]] = {
    "client": (
        Question("client.parameters", (), chain_client.parameters),
        Question("client.waiting", ("client.timed_out",), answers.waiting),
        Question("client.answer", ("client.bad_response",), chain_client.answer),
        Question("client.player", ("client.network",), chain_client.player),
    ),
    "record": (
        Question("record.created", (), answers.created),
        Question(
            "record.status",
            ("record.unknown_status", "record.half_committed", "record.status_lagging"),
            answers.status,
        ),
        Question("record.path", ("path.missing",), answers.path_recorded),
        Question("record.error", ("record.stale_error",), answers.error_recorded),
        Question("record.times", ("record.time_disorder",), answers.times),
        Question("record.progress", ("record.progress_odd",), answers.progress),
        Question("record.single", ("record.duplicate_request",), chain_requests.single),
        Question("record.answer", ("record.api_disagrees",), chain_host_answer.told),
        Question("record.rules", ("rule.crashed",), answers.every_rule),
    ),
    "server": (
        Question("server.queue", ("worker.not_picked_up",), answers.queue),
        Question("server.process", ("worker.crashed", "worker.stalled"), answers.process),
        Question("server.disk", ("generation.disk_full",), chain_resources.disk),
        Question("server.memory", ("generation.out_of_memory",), chain_resources.memory),
        Question("server.engine", (), chain_parts.of(ENGINE)),
        Question("server.database", (), chain_parts.of(DATABASE)),
        Question("server.cache", (), chain_parts.of(CACHE)),
        Question("server.broker", (), chain_parts.of(BROKER)),
        Question("server.permission", ("generation.permission_denied",), rights.to_write),
        Question(
            "server.generation",
            (
                "generation.timed_out",
                "generation.dependency_down",
                "generation.engine_failed",
                "generation.bad_input",
                "generation.unrecognised",
                "generation.unexplained",
            ),
            answers.generation,
        ),
    ),
    "file": (
        Question("file.store", ("storage.unavailable",), answers.store),
        Question("file.path", ("path.unsafe", "path.remote"), answers.path),
        Question(
            "file.exists",
            ("file.purged", "file.misplaced", "file.deleted", "file.never_written", "file.not_a_file"),
            answers.exists,
        ),
        Question("file.permission", ("file.unreadable",), rights.to_read),
        Question("file.size", ("file.empty", "file.size_mismatch"), answers.size),
        Question("file.header", ("file.corrupt", "file.truncated", "file.trailing_bytes"), answers.header),
        Question("file.length", ("file.wrong_duration",), answers.length),
        Question("file.sound", ("file.silent",), heard),
        Question(
            "file.owner",
            ("file.name_collision", "path.names_other_session", "file.predates_session"),
            answers.owner,
        ),
        Question("file.name", ("path.bad_name",), answers.name),
        Question("file.url", ("delivery.link_expired", "delivery.wrong_url"), chain_delivery.url),
        Question(
            "file.delivery",
            ("delivery.not_served", "delivery.not_audio", "delivery.no_range", "delivery.bad_certificate"),
            chain_delivery.delivered,
        ),
    ),
}
# What could not be told is never shown as broken.
RESULTS = {Verdict.BROKEN: "bad", Verdict.UNKNOWN: "unknown", Verdict.PLAYABLE: "notice", None: "notice"}


def chain(evidence: Evidence, diagnosis: Diagnosis) -> tuple[Step, ...]:
    """Return the four steps, each with every check that belongs to it, made or not."""
    steps = []
    broken_at = _step_of_cause(diagnosis)
    for number, (key, questions) in enumerate(QUESTIONS.items(), start=1):
        checks = tuple(_check(question, evidence, diagnosis) for question in questions)
        steps.append(Step(number, key, checks, is_where_it_broke=number == broken_at))
    return tuple(_with_suspects(step, evidence, suspects_of(evidence, steps)) for step in steps)


def suspects_of(evidence: Evidence, steps: Sequence[Step]) -> tuple[Suspect, ...]:
    """Return what the chain says of each cause that the client's errors make likely; nothing where none was told."""
    report = client_claims.report_on(evidence)
    if report is None:
        return ()
    questions = {question.name: question for asked in QUESTIONS.values() for question in asked}
    checks = [check for step in steps for check in step.checks]
    states = {code: _state(code, check) for check in checks for code in questions[check.name].codes}
    return suspects.weighed(report, states)


def _state(code: str, check: Check) -> str:
    """Confirmed where it was found; ruled out where its check was made and says nothing else that is doubtful."""
    if check.finding and code in check.codes:
        return suspects.CONFIRMED
    is_told = check.result in ("ok", "bad") or check.finding is not None
    return suspects.RULED_OUT if is_told else suspects.NOT_CHECKED


def _with_suspects(step: Step, evidence: Evidence, found: tuple[Suspect, ...]) -> Step:
    """The player's check tells what its error makes likely, once all other checks are made."""
    checks = tuple(_with_conclusion(check, evidence, found) for check in step.checks)
    return replace(step, checks=checks)


def _with_conclusion(check: Check, evidence: Evidence, found: tuple[Suspect, ...]) -> Check:
    if check.name != chain_client.PLAYER or check.result == "not_checked":
        return check
    lines = (*check.evidence, *client_lines.of_suspects(evidence, found))
    return replace(check, evidence=lines, why="" if check.finding else suspects.conclusion(found))


def _step_of_cause(diagnosis: Diagnosis) -> int | None:
    is_broken = bool(diagnosis.findings) and verdict_of(diagnosis.findings[0]) is Verdict.BROKEN
    return CATALOGUE[diagnosis.findings[0].code].step if is_broken else None


def _check(question: Question, evidence: Evidence, diagnosis: Diagnosis) -> Check:
    found = [finding for finding in diagnosis.findings if finding.code in question.codes]
    if not found:
        answer = question.answer(evidence, diagnosis)
        return Check(question.name, answer.result, answer.lines, answer.why)
    codes = tuple(finding.code for finding in found)
    first = Check(question.name, _result(found[0]), found[0].evidence, finding=found[0], codes=codes)
    further = tuple(line for finding in found[1:] for line in finding.evidence)
    return replace(first, evidence=first.evidence + further)


def _result(finding: Finding) -> str:
    return RESULTS[verdict_of(finding)]
