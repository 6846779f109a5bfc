"""What the client says, statement by statement, held against the row: each agrees, differs, or cannot be compared."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from diagnostics.domain import client_urls, paths
from diagnostics.domain.client_report import ClientReport
from diagnostics.domain.facts import Evidence, SessionKey
from diagnostics.domain.redaction import ends, hide_secrets

AGREES, DIFFERS, NOT_COMPARABLE = "agrees", "differs", "not_comparable"
SHOWN_CHARACTERS = 500
ROUNDING = 0.06
UNDER_WAY = ("pending", "generating")
NOTHING = ("", "0", "none", "null")  # of a scene: 0 is "no scene" (host_app.md)
# Parameters of the create call by the column that keeps them; names compared without case and underscores.
COLUMNS = {
    "assessment_id": ("assessmentid",),
    "duration": ("totaldurationminutes", "durationminutes", "totalduration", "minutes", "duration", "durationseconds"),
    "scene_id": ("sceneid", "scene"),
    "generation_mode": ("generationmode", "mode"),
    "segment_count": ("segmentcount", "segments"),
    "user_id": ("userid", "user"),
}
_COLUMN_OF = {name: column for column, known in COLUMNS.items() for name in known}
# How many seconds one of a length may be; a bare "duration" has been both.
_UNITS = {"duration": (60, 1), "durationseconds": (1,)}


@dataclass(frozen=True, slots=True)
class Statement:
    """One thing that the client says. `fact` is the row's name for it, `known` what stands against it ('': nothing)."""

    fact: str
    said: str
    known: str
    outcome: str

    @property
    def differs(self) -> bool:
        return self.outcome == DIFFERS


def report_on(evidence: Evidence) -> ClientReport | None:
    """Return what the client said of this session; None where nobody did, or of another session."""
    report = evidence.report
    return None if report is None or other_session(report, evidence.record.key) else report


def other_session(report: ClientReport, key: SessionKey) -> str:
    """Return the id of the other session that the text is about; '' where it is about this one, or does not say."""
    said = (report.session_id or "").strip()
    return "" if said == str(key) else said


def statements(evidence: Evidence) -> tuple[Statement, ...]:
    """Return everything that the client says and that the row could know of, in the order of the guide."""
    if evidence.report is None:
        return ()
    if report_on(evidence) is None:
        return tuple(_of_session(evidence, evidence.report))
    return (*_of_session(evidence, evidence.report), *of_parameters(evidence), *of_answer(evidence), *of_url(evidence))


def of_parameters(evidence: Evidence) -> tuple[Statement, ...]:
    """Return the parameters of the create call, each against its column."""
    report = report_on(evidence)
    return tuple(_parameter(evidence, name, said) for name, said in report.parameters.items()) if report else ()


def of_answer(evidence: Evidence) -> tuple[Statement, ...]:
    """Return what the client received of the row, each against the row as it stands."""
    report, record = report_on(evidence), evidence.record
    if report is None:
        return ()
    found = []
    if report.status is not None:
        found.append(_statement("status", report.status, record.status, _status))
    if report.path is not None or report.has_path is False:
        found.append(_statement("final_file_path", report.path or "", record.path, _path))
    if report.size_bytes is not None:
        compare = _rounded_size if report.is_size_rounded else _same_value
        found.append(_statement("final_file_size", str(report.size_bytes), _text(record.size_bytes), compare))
    if report.error_message is not None:
        found.append(_statement("error_message", report.error_message, record.error_message, _message))
    return tuple(found)


def of_url(evidence: Evidence) -> tuple[Statement, ...]:
    """Return the URL that the client asked for against the one that it should have built."""
    report, wanted = report_on(evidence), client_urls.wanted(evidence)
    if report is None or report.url is None:
        return ()
    outcome = AGREES if wanted else NOT_COMPARABLE
    if not client_urls.is_of_audio(evidence):
        outcome = NOT_COMPARABLE
    elif client_urls.astray(evidence):
        outcome = DIFFERS
    return (Statement("URL", report.url, wanted, outcome),)


def _of_session(evidence: Evidence, report: ClientReport) -> Iterator[Statement]:
    key = str(evidence.record.key)
    if report.session_id:
        is_other = bool(other_session(report, evidence.record.key))
        yield Statement("session_id", report.session_id, key, DIFFERS if is_other else AGREES)


def column_of(name: str) -> str:
    """Return which column keeps a parameter of the create call, however the client spells it; '' for none known."""
    return _COLUMN_OF.get(_folded(name), "")


def _folded(name: str) -> str:
    return name.replace("_", "").replace("-", "").lower()


def _parameter(evidence: Evidence, name: str, said: str) -> Statement:
    column = column_of(name)
    if column == "duration":
        return _duration(evidence, name, said)
    if not column or column in evidence.record.absent:
        return Statement(column or name, said, "", NOT_COMPARABLE)
    known = getattr(evidence.record, column)
    return _statement(column, said, _text(known), _scene if column == "scene_id" else _same_value)


def with_unit(name: str, said: str) -> str:
    """Return a parameter with its unit where its name tells one."""
    units = _units(name) if column_of(name) == "duration" and _number(said) is not None else ()
    return f"{said} {'s' if units == (1,) else 'min'}" if len(units) == 1 else said


def _units(name: str) -> tuple[int, ...]:
    return _UNITS.get(_folded(name), (60,))


def _duration(evidence: Evidence, name: str, said: str) -> Statement:
    known, count, shown = evidence.record.duration_seconds, _number(said), with_unit(name, said)
    if known is None or count is None:
        return Statement("duration", shown, "", NOT_COMPARABLE)
    is_same = any(abs(count * unit - known) < 1 for unit in _units(name))
    return Statement("duration", shown, f"{known:g} s", AGREES if is_same else DIFFERS)


def _statement(fact: str, said: str, known: str | None, compare: Callable[[str, str | None], str]) -> Statement:
    shown = paths.cut_query(known or "") if fact == "final_file_path" else known or ""
    return Statement(fact, said, hide_secrets(shown[:SHOWN_CHARACTERS]), compare(said.strip(), known))


def _same_value(said: str, known: str | None) -> str:
    if known is None:
        return NOT_COMPARABLE
    number = _number(said)
    is_same = said.casefold() == known.strip().casefold() or (number is not None and number == _number(known))
    return AGREES if is_same else DIFFERS


def _rounded_size(said: str, known: str | None) -> str:
    """A size printed in MB, which may be MiB."""
    if known is None:
        return NOT_COMPARABLE
    return AGREES if abs(int(said) - int(known)) <= ROUNDING * int(known) else DIFFERS


def _scene(said: str, known: str | None) -> str:
    is_none = said.casefold() in NOTHING and (known or "").strip().casefold() in NOTHING
    return AGREES if is_none else _same_value(said, known)


def _status(said: str, known: str | None) -> str:
    """What was received while it was under way says nothing against a row that has ended since."""
    if said in UNDER_WAY and known not in UNDER_WAY:
        return NOT_COMPARABLE
    return AGREES if said == known else DIFFERS


def _path(said: str, known: str | None) -> str:
    """By where they lead, without queries: a first slash more or less is no difference."""
    return AGREES if paths.parts_of(said) == paths.parts_of(known or "") else DIFFERS


def _message(said: str, known: str | None) -> str:
    """A log may hold a part of the message; secrets are hidden on both sides."""
    row = hide_secrets(ends(known or "")[0]).strip()
    if not said or not row:
        return AGREES if said == row else DIFFERS
    return AGREES if said in row or row in said else DIFFERS


def _number(text: str) -> float | None:
    try:
        return float(text)
    except ValueError:
        return None


def _text(value: object) -> str | None:
    return None if value is None else str(value)
