"""The chain as the page shows it: four steps with their checks, labelled in the viewer's language."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from diagnostics.domain import wording
from diagnostics.domain.causes import CATALOGUE
from diagnostics.domain.chain import QUESTIONS, Check, Step, chain
from diagnostics.domain.diagnosis import Diagnosis, Verdict
from diagnostics.domain.facts import Evidence, Observation, Source
from diagnostics.domain.wording import checks, formatting
from diagnostics.templatetags.formats import exact, moment

TONES = {"ok": "playable", "bad": "broken", "unknown": "unknown", "notice": "warning", "not_checked": "none"}
ICONS = {"ok": "playable", "bad": "broken", "unknown": "unknown", "notice": "warning", "not_checked": "minus"}
VALUE_CHARACTERS = 500


@dataclass(frozen=True, slots=True)
class Line:
    """One line of evidence: where it comes from, what, its value, and when it was seen."""

    source: str
    fact: str
    value: str
    at: datetime | None


@dataclass(frozen=True, slots=True)
class ShownCheck:
    name: str
    label: str
    result: str
    word: str
    tone: str
    icon: str
    why: str
    sentence: str
    code: str
    confidence: str
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class ShownStep:
    """`is_open` where it broke or could not be told, else at the first notice, else at what the client said, else, for
    what plays, at its proof.
    """

    number: int
    key: str
    label: str
    word: str
    tone: str
    icon: str
    is_where_it_broke: bool
    is_open: bool
    telling: str
    checks: tuple[ShownCheck, ...]


def steps_of(evidence: Evidence, diagnosis: Diagnosis) -> list[ShownStep]:
    language = get_language() or "en"
    steps = chain(evidence, diagnosis)
    opened = _number_to_open(steps, diagnosis, is_reported=evidence.report is not None)
    return [_step(step, language, is_open=step.number == opened) for step in steps]


def unexamined_steps(cause: str) -> list[ShownStep]:
    """Return the four steps before they were examined; the one that the last known cause broke is marked."""
    known = CATALOGUE.get(cause)
    broken_at = known.step if known and known.verdict is Verdict.BROKEN else None
    language = get_language() or "en"
    return [
        _step(Step(number, key, (), is_where_it_broke=number == broken_at), language, is_open=False)
        for number, key in enumerate(QUESTIONS, start=1)
    ]


def _number_to_open(steps: tuple[Step, ...], diagnosis: Diagnosis, *, is_reported: bool) -> int | None:
    broken = [step.number for step in steps if step.is_where_it_broke]
    untold = [step.number for step in steps if step.result == "unknown"]
    marked = [step.number for step in steps if any(check.finding for check in step.checks)]
    told = [1] if is_reported else []
    proof = [len(steps)] if diagnosis.verdict is Verdict.PLAYABLE else []
    return next(iter(broken + untold + marked + told + proof), None)


def _step(step: Step, language: str, *, is_open: bool) -> ShownStep:
    shown = tuple(_check(check, language) for check in step.checks)
    result = "bad" if step.is_where_it_broke else step.result
    return ShownStep(
        number=step.number,
        key=step.key,
        label=checks.word(checks.STEPS, step.key, language),
        word=_word(step, result, language),
        tone=TONES[result],
        icon=ICONS[result],
        is_where_it_broke=step.is_where_it_broke,
        is_open=is_open,
        telling=_telling(step, shown),
        checks=shown,
    )


def _word(step: Step, result: str, language: str) -> str:
    """In order, broken, a notice; or how many checks were made, where they are too few to say so."""
    return _made(step) if result == "not_checked" and step.made else checks.word(checks.RESULTS, result, language)


def _telling(step: Step, shown: tuple[ShownCheck, ...]) -> str:
    """The check that stands out; else how many were made, where that is not said already and some were not."""
    standing_out = next((check.label for check in shown if check.result in ("bad", "unknown", "notice")), "")
    is_said = step.result == "not_checked" or step.made == len(shown)
    return standing_out or ("" if is_said else _made(step))


def _made(step: Step) -> str:
    made = _("{n} of {m} checked")
    return made.replace("{n}", str(step.made)).replace("{m}", str(len(step.checks)))


def _check(check: Check, language: str) -> ShownCheck:
    finding, zone = check.finding, timezone.get_current_timezone()
    return ShownCheck(
        name=check.name,
        label=checks.word(checks.CHECKS, check.name, language),
        result=check.result,
        word=checks.word(checks.RESULTS, check.result, language),
        tone=TONES[check.result],
        icon=ICONS[check.result],
        why=checks.word(checks.REASONS, check.why, language) if check.why else "",
        sentence=wording.finding_sentence(finding, language, zone) if finding else "",
        code=finding.code if finding else "",
        confidence=checks.word(checks.CONFIDENCES, str(finding.confidence), language) if finding else "",
        lines=tuple(_line(line, language) for line in check.evidence),
    )


def stored_lines(evidence: Iterable[Mapping[str, Any]]) -> tuple[Line, ...]:
    """Return the lines of a finding as a pass stored them."""
    language = get_language() or "en"
    seen = (Observation(Source(e["source"]), e["fact"], e["value"], moment(e["observed_at"])) for e in evidence)
    return tuple(_line(line, language) for line in seen)


def _line(line: Observation, language: str) -> Line:
    return Line(
        source=checks.word(checks.SOURCES, str(line.source), language),
        fact=checks.word(checks.FACTS, line.fact, language),
        value=_value(line.value),
        at=line.observed_at,
    )


def _value(text: str) -> str:
    """The value as it is; a time that names its zone in the viewer's own."""
    at = _moment(text)
    return exact(at) if at else formatting.safe(text, VALUE_CHARACTERS)


def _moment(text: str) -> datetime | None:
    try:
        found = datetime.fromisoformat(text) if "T" in text else None
    except ValueError:
        return None
    return found if found and found.tzinfo else None
