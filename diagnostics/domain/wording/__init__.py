"""What is said of every code, in both languages: titles, sentences, what to do, and what to tell the user."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import tzinfo

from diagnostics.domain.causes import CATALOGUE, verdict_of
from diagnostics.domain.diagnosis import Diagnosis, State, Verdict
from diagnostics.domain.facts import Finding
from diagnostics.domain.wording.conditions import CONDITIONS
from diagnostics.domain.wording.delivery_client import DELIVERY_AND_CLIENT
from diagnostics.domain.wording.entry import Family, Wording
from diagnostics.domain.wording.file_findings import FILE_FINDINGS
from diagnostics.domain.wording.files_content import FILES_CONTENT
from diagnostics.domain.wording.files_gone import FILES_GONE
from diagnostics.domain.wording.formatting import fill, safe
from diagnostics.domain.wording.generation import GENERATION
from diagnostics.domain.wording.host_answer import HOST_ANSWER
from diagnostics.domain.wording.notices import NOTICES
from diagnostics.domain.wording.records_worker import RECORDS_AND_WORKER
from diagnostics.domain.wording.states import STATES
from diagnostics.domain.wording.storage_paths import STORAGE_AND_PATHS
from diagnostics.domain.wording.variants import variant_of

LANGUAGES = ("en", "zh-hans")

CAUSES: Family = {
    **STORAGE_AND_PATHS,
    **FILES_GONE,
    **FILES_CONTENT,
    **GENERATION,
    **RECORDS_AND_WORKER,
    **DELIVERY_AND_CLIENT,
    **HOST_ANSWER,
    **NOTICES,
}
EVERYTHING: Family = {**CONDITIONS, **STATES, **FILE_FINDINGS, **CAUSES}


def title(code: str, language: str) -> str:
    """Return the short label of a cause, file finding, condition or state; a code from elsewhere is its own label."""
    wording = _wording(code, language)
    return wording.title if wording else safe(code)


def summary(diagnosis: Diagnosis, language: str, zone: tzinfo) -> str:
    """Return what staff read first: the cause's sentence; where the session is no worse for it, its state's before."""
    state = sentence(str(diagnosis.state), diagnosis.values, language, zone)
    if not diagnosis.findings:
        return state
    found = finding_sentence(diagnosis.findings[0], language, zone)
    if _explains(diagnosis):
        return found
    return f"{state}{'' if _language(language) == 'zh-hans' else ' '}{found}"


def finding_sentence(finding: Finding, language: str, zone: tzinfo) -> str:
    return sentence(finding.code, finding.values, language, zone)


def condition_sentence(code: str, detail: Mapping[str, object], language: str, zone: tzinfo) -> str:
    """Return what stands above a whole pass; told of all sessions, where a cause of the same code is told of one."""
    spoken = _language(language)
    if code not in CONDITIONS:
        return sentence(code, detail, language, zone)
    return _filled(code, CONDITIONS[code][spoken], detail, spoken, zone)


def condition_title(code: str, language: str) -> str:
    return CONDITIONS[code][_language(language)].title if code in CONDITIONS else title(code, language)


def condition_advice(code: str, language: str) -> str:
    """Return what to do first about a whole pass's trouble."""
    return CONDITIONS[code][_language(language)].next_step if code in CONDITIONS else next_step(code, language)


def sentence(code: str, values: Mapping[str, object], language: str, zone: tzinfo) -> str:
    """Return the sentence of any code with its values; what is missing reads "unknown", and nothing raises."""
    wording = _wording(code, language)
    if wording is None:
        return safe(code)
    return _filled(code, wording, values, _language(language), zone)


def _filled(code: str, wording: Wording, values: Mapping[str, object], language: str, zone: tzinfo) -> str:
    return fill(wording.variants.get(variant_of(code, values), wording.sentence), values, language, zone)


def meaning(code: str, language: str) -> str:
    wording = _wording(code, language)
    return wording.meaning if wording else ""


def next_step(code: str, language: str) -> str:
    """Return the one thing to do first."""
    wording = _wording(code, language)
    return wording.next_step if wording else ""


def tell_user(diagnosis_or_code: Diagnosis | str, language: str) -> str:
    """Return what may be read to the user as it is; '' where no user is concerned."""
    code = diagnosis_or_code if isinstance(diagnosis_or_code, str) else speaking_code(diagnosis_or_code)
    wording = _wording(code, language)
    return wording.tell_user if wording else ""


def speaking_code(diagnosis: Diagnosis) -> str:
    """Return the code that speaks for the whole session: its cause where that explains it, else its state.

    A cause that may stand beside a playable verdict speaks only for a session that is playable.
    """
    cause = diagnosis.cause
    if cause is None:
        return str(diagnosis.state)
    is_playable = diagnosis.verdict is Verdict.PLAYABLE
    return cause if _explains(diagnosis) or is_playable else str(diagnosis.state)


def _explains(diagnosis: Diagnosis) -> bool:
    """Whether the first finding is why the verdict is what it is, rather than a notice beside it."""
    if diagnosis.state is State.FAULTY or diagnosis.cause not in CATALOGUE:
        return True
    return verdict_of(diagnosis.findings[0]) not in (None, Verdict.PLAYABLE)


def _wording(code: str, language: str) -> Wording | None:
    return EVERYTHING.get(code, {}).get(_language(language))


def _language(language: str) -> str:
    return "zh-hans" if language.lower().startswith("zh") else "en"
