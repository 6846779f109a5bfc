"""A client's report as pages show it: what each error means, what it makes likely, what else it says, of whom."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from diagnostics.domain import client_claims, wording
from diagnostics.domain.causes import CATALOGUE
from diagnostics.domain.chain import chain, suspects_of
from diagnostics.domain.client_claims import Statement
from diagnostics.domain.client_report import ClientReport, PlayerError
from diagnostics.domain.diagnosis import Diagnosis, Verdict
from diagnostics.domain.facts import Evidence
from diagnostics.domain.suspects import CONFIRMED, RULED_OUT, Suspect, conclusion
from diagnostics.domain.wording import checks, client_words
from diagnostics.domain.wording.formatting import safe
from diagnostics.templatetags.formats import count, size

VALUE_CHARACTERS = 500


@dataclass(frozen=True, slots=True)
class ShownSuspect:
    """A cause that an error makes likely. `state` is '' where no session was examined for it."""

    code: str
    title: str
    state: str = ""
    word: str = ""
    tone: str = "none"
    icon: str = "minus"


@dataclass(frozen=True, slots=True)
class ShownError:
    player: str
    code: str
    outer_code: str
    meaning: str
    check: str
    text: str
    is_known: bool
    suspects: tuple[ShownSuspect, ...] = ()


@dataclass(frozen=True, slots=True)
class ShownStatement:
    """One thing that the client says; `known` is the row's side of it, shown where it differs."""

    label: str
    said: str
    known: str = ""
    word: str = ""
    tone: str = "none"
    icon: str = "minus"


@dataclass(frozen=True, slots=True)
class Weighed:
    """A report held against an examined session. `other_session` is whose it is, where it is another's."""

    errors: tuple[ShownError, ...]
    suspects: tuple[ShownSuspect, ...]
    conclusion: str
    statements: tuple[ShownStatement, ...]
    other_session: str


def errors_of(report: ClientReport) -> tuple[ShownError, ...]:
    language = _language()
    return tuple(_error(error, language) for error in report.errors)


def statements_of(report: ClientReport) -> tuple[ShownStatement, ...]:
    """Return what a text says beside its errors, where it is held against nothing."""
    language = _language()
    told = [("session_id", report.session_id), ("URL", report.url), *report.parameters.items(), *_received(report)]
    said = [(name, value) for name, value in told if value is not None]
    return (
        *(
            ShownStatement(_label(name, language), safe(client_claims.with_unit(name, value), VALUE_CHARACTERS))
            for name, value in said
        ),
        *_answers(report),
    )


def weighed(evidence: Evidence, diagnosis: Diagnosis) -> Weighed | None:
    """Return what became of the report when a session was examined with it; None where there was none."""
    report, language = evidence.report, _language()
    if report is None:
        return None
    found = suspects_of(evidence, chain(evidence, diagnosis))
    return Weighed(
        errors=errors_of(report),
        suspects=tuple(_weighed(suspect, language) for suspect in found),
        conclusion=checks.word(client_words.REASONS, conclusion(found), language) if found else "",
        statements=(*_held(client_claims.statements(evidence), language), *_answers(report)),
        other_session=client_claims.other_session(report, evidence.record.key),
    )


def _error(error: PlayerError, language: str) -> ShownError:
    return ShownError(
        player=checks.word(client_words.PLAYERS, error.source, language),
        code=error.code,
        outer_code=error.outer_code,
        meaning=error.meaning.get(language, ""),
        check=error.check.get(language, ""),
        text=safe(error.text, 300),
        is_known=error.source != "unknown",
        suspects=tuple(ShownSuspect(code, wording.title(code, language)) for code in error.suspects),
    )


def _weighed(suspect: Suspect, language: str) -> ShownSuspect:
    tone, icon = "none", "minus"
    if suspect.state == RULED_OUT:
        tone, icon = "playable", "playable"
    if suspect.state == CONFIRMED:
        tone = icon = "broken" if CATALOGUE[suspect.code].verdict is Verdict.BROKEN else "warning"
    word = checks.word(client_words.SUSPECTS, suspect.state, language)
    return ShownSuspect(suspect.code, wording.title(suspect.code, language), suspect.state, word, tone, icon)


def _held(found: Iterable[Statement], language: str) -> tuple[ShownStatement, ...]:
    return tuple(_statement(one, language) for one in found)


def _statement(one: Statement, language: str) -> ShownStatement:
    tone = {"agrees": "playable", "differs": "warning"}.get(one.outcome, "none")
    return ShownStatement(
        label=_label(one.fact, language),
        said=safe(one.said, VALUE_CHARACTERS) or _("empty"),
        known=safe(one.known, VALUE_CHARACTERS) or _("empty") if one.differs else "",
        word=checks.word(client_words.OUTCOMES, one.outcome, language),
        tone=tone,
        icon=tone if tone != "none" else "minus",
    )


def _received(report: ClientReport) -> list[tuple[str, str | None]]:
    exactly = _("{n} bytes").replace("{n}", count(report.size_bytes or 0))
    bytes_received = None if report.size_bytes is None else f"{size(report.size_bytes)} ({exactly})"
    path = _("empty") if report.path is None and report.has_path is False else report.path
    return [
        ("status", report.status),
        ("final_file_path", path),
        ("final_file_size", bytes_received),
        ("error_message", report.error_message),
    ]


def _answers(report: ClientReport) -> tuple[ShownStatement, ...]:
    """What the answer of the create call held."""
    told = (
        (_("Answer says success"), report.answer_success),
        (_("Answer holds a session id"), report.answer_has_session_id),
        (_("Answer holds a path"), report.answer_has_path),
    )
    return tuple(ShownStatement(label, _("yes") if is_so else _("no")) for label, is_so in told if is_so is not None)


def _label(fact: str, language: str) -> str:
    return checks.word(client_words.STATEMENTS, client_claims.column_of(fact) or fact, language)


def _language() -> str:
    return "zh-hans" if (get_language() or "en").startswith("zh") else "en"
