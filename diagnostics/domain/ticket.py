"""One session as plain text, to be pasted into a ticket: verdict, sentence, evidence, the row; secrets hidden."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, tzinfo

from diagnostics.domain import wording
from diagnostics.domain.diagnosis import Diagnosis
from diagnostics.domain.facts import Observation
from diagnostics.domain.wording import checks, formatting

Facts = Sequence[tuple[str, str]]
LONGEST = 400


def as_text(diagnosis: Diagnosis, language: str, zone: tzinfo, *, row: Facts = (), file: Facts = ()) -> str:
    """Return the text. `row` and `file` are (name, value) pairs; every value is made safe here, whatever it holds."""
    parts = [
        _head(diagnosis, language, zone),
        _part("evidence", [_line(line, language, zone) for line in diagnosis.evidence], language),
        _part("further", list(_further(diagnosis, language, zone)), language),
        _part("row", [_fact(pair) for pair in row], language),
        _part("file", [_fact(pair) for pair in file], language),
    ]
    return "\n\n".join(part for part in parts if part) + "\n"


def _head(diagnosis: Diagnosis, language: str, zone: tzinfo) -> str:
    about = [str(diagnosis.verdict), *([diagnosis.cause] if diagnosis.cause else []), str(diagnosis.confidence)]
    name = f"{checks.word(checks.TICKET, 'session', language)} {formatting.safe(diagnosis.session_id)}"
    verdict = checks.word(checks.VERDICTS, str(diagnosis.verdict), language)
    next_step = wording.next_step(wording.speaking_code(diagnosis), language)
    return "\n".join(
        (
            f"{name} · {verdict} ({', '.join(about)})",
            wording.summary(diagnosis, language, zone),
            f"{checks.word(checks.TICKET, 'next', language)} {next_step}",
            f"{checks.word(checks.TICKET, 'observed', language)} {_time(diagnosis.observed_at, zone)}",
        )
    )


def _further(diagnosis: Diagnosis, language: str, zone: tzinfo) -> Iterator[str]:
    for finding in diagnosis.findings[1:]:
        yield f"{finding.code} ({finding.confidence}): {wording.finding_sentence(finding, language, zone)}"


def _part(name: str, lines: list[str], language: str) -> str:
    if not lines:
        return ""
    return "\n".join((checks.word(checks.TICKET, name, language), *(f"  {line}" for line in lines)))


def _line(line: Observation, language: str, zone: tzinfo) -> str:
    source = checks.word(checks.SOURCES, str(line.source), language)
    fact = checks.word(checks.FACTS, line.fact, language)
    at = f" ({_time(line.observed_at, zone)})" if line.observed_at else ""
    return f"{source} · {fact}: {formatting.safe(line.value, LONGEST)}{at}"


def _fact(pair: tuple[str, str]) -> str:
    return f"{formatting.safe(pair[0])}: {formatting.safe(pair[1], LONGEST)}"


def _time(time: datetime, zone: tzinfo) -> str:
    local = time.astimezone(zone)
    return f"{local:%Y-%m-%d %H:%M:%S} {formatting.offset(local)}"
