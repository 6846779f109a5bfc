"""The verdict card: one sentence, how sure it is, the one next step, and what to copy for a ticket or a user."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone
from django.utils.translation import get_language

from diagnostics.domain import ticket, wording
from diagnostics.domain.causes import CATALOGUE
from diagnostics.domain.diagnosis import Diagnosis, Verdict
from diagnostics.domain.wording import checks
from diagnostics.models import SessionEntry
from diagnostics.views.session_facts import Fact, written


@dataclass(frozen=True, slots=True)
class Told:
    """A text for the user in one language; `is_viewers` marks the language that the page is read in."""

    language: str
    text: str
    is_viewers: bool


@dataclass(frozen=True, slots=True)
class Card:
    """What the card shows. `observed_at` is None where the verdict comes from the last pass."""

    verdict: str
    sentence: str
    title: str
    code: str
    confidence: str
    meaning: str
    next_step: str
    told: tuple[Told, ...]
    ticket: str = ""
    further: int = 0
    observed_at: datetime | None = None


def card_of(diagnosis: Diagnosis, *, row: Sequence[Fact], file: Sequence[Fact]) -> Card:
    """Return the card of a live examination."""
    language, zone = _language(), timezone.get_current_timezone()
    code = wording.speaking_code(diagnosis)
    pairs = {
        "row": [(fact.name, fact.text) for fact in row],
        "file": [(str(fact.label), written(fact)) for fact in file],
    }
    return Card(
        verdict=str(diagnosis.verdict),
        sentence=wording.summary(diagnosis, language, zone),
        title=wording.title(code, language),
        code=diagnosis.cause or "",
        confidence=_confidence(str(diagnosis.confidence), language),
        meaning=wording.meaning(code, language),
        next_step=wording.next_step(code, language),
        told=_told(code),
        ticket=ticket.as_text(diagnosis, language, zone, **pairs),
        further=max(0, len(diagnosis.findings) - 1),
        observed_at=diagnosis.observed_at,
    )


def last_known_card(entry: SessionEntry) -> Card:
    """Return the card as the last pass knew it: the index keeps codes, so the title stands for the sentence."""
    language, code = _language(), _speaking_code(entry)
    return Card(
        verdict=entry.verdict,
        sentence=wording.title(code, language),
        title=wording.title(code, language),
        code=entry.cause,
        confidence=_confidence(entry.confidence, language),
        meaning=wording.meaning(code, language),
        next_step=wording.next_step(code, language),
        told=_told(code),
        further=entry.further,
    )


def _speaking_code(entry: SessionEntry) -> str:
    """The cause, or the state where the cause is only a notice beside what is not ready."""
    cause = CATALOGUE.get(entry.cause)
    is_aside = cause is not None and cause.verdict in (None, Verdict.PLAYABLE) and entry.verdict != Verdict.PLAYABLE
    return entry.cause if entry.cause and not is_aside else entry.state


def _told(code: str) -> tuple[Told, ...]:
    viewers = _language()
    languages = sorted(wording.LANGUAGES, key=lambda language: language != viewers)
    texts = [Told(language, wording.tell_user(code, language), language == viewers) for language in languages]
    return tuple(told for told in texts if told.text)


def _confidence(code: str, language: str) -> str:
    return checks.word(checks.CONFIDENCES, code, language) if code else ""


def _language() -> str:
    return "zh-hans" if (get_language() or "en").startswith("zh") else "en"
