"""The row as it is and the file as it was seen: raw values made safe to show, NULL and missing columns told apart."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from diagnostics.domain.facts import AudioFacts, Evidence, Presence, SessionRecord, WavHeader
from diagnostics.domain.redaction import READ_CHARACTERS, ends, hide_secrets
from diagnostics.domain.wording.formatting import safe
from diagnostics.host import FIELDS, LENGTHS, RARE
from diagnostics.host_values import text
from diagnostics.models import SessionEntry
from diagnostics.templatetags.formats import count, duration, exact, size

VALUE_CHARACTERS = 600
PRESENCES: dict[Presence, str | Promise] = {
    Presence.REGULAR: gettext_lazy("There"),
    Presence.ABSENT: gettext_lazy("Not there"),
    Presence.UNREADABLE: gettext_lazy("There, but unreadable"),
    Presence.NOT_A_FILE: gettext_lazy("Not a file"),
    Presence.OUTSIDE: gettext_lazy("Leads out of the audio folder"),
    Presence.ERROR: gettext_lazy("Could not be looked at"),
}


@dataclass(frozen=True, slots=True)
class Fact:
    """One line of a panel. `kind` is value, null, absent (no such column), blank, long, or moment (`at` is set)."""

    name: str
    text: str
    kind: str = "value"
    label: str | Promise = ""
    at: datetime | None = None
    is_code: bool = False


@dataclass(frozen=True, slots=True)
class ErrorText:
    """A host's error as recorded, secrets hidden; `tail` where the middle is left out, `characters` of all of it."""

    head: str
    tail: str
    characters: int
    is_cut_by_reading: bool


def row_facts(raw: Mapping[str, object], record: SessionRecord) -> list[Fact]:
    """Return the row's columns in the order of the host's description; an absent twin of the length is left out."""
    known_length = any(name in raw for name in LENGTHS)
    unmissed = {*RARE, *(LENGTHS if known_length else ())}
    names = [name for name in FIELDS if name in raw or name not in unmissed]
    return [_row_fact(name, raw, record) for name in names]


def _row_fact(name: str, raw: Mapping[str, object], record: SessionRecord) -> Fact:
    if name not in raw:
        return Fact(name, _("no such column"), "absent")
    value = text(raw[name])
    if value is None:
        return Fact(name, "NULL", "null")
    if not value.strip():
        return Fact(name, safe(repr(value)), "blank")
    kind = "long" if name == "error_message" else "value"
    moments = {
        "created_at": record.created,
        "updated_at": record.updated,
        "completed_at": record.completed,
        "heartbeat_at": record.heartbeat,
    }
    at = moments[name].at if name in moments else None
    return Fact(name, safe(value, VALUE_CHARACTERS), kind, at=at, is_code=True)


def last_known_row(entry: SessionEntry) -> list[Fact]:
    """Return what the index keeps of the row, under the host's names."""
    values: dict[str, object] = {
        "status": entry.status,
        "user_id": entry.user_id,
        "file": entry.claim,
        "final_file_size": entry.file_size,
        "progress_percentage": None if entry.progress_percent is None else f"{entry.progress_percent:g}",
        "error_message": entry.error_head,
    }
    moments = {"created_at": entry.created_at, "updated_at": entry.updated_at, "completed_at": entry.completed_at}
    known = [
        Fact(name, safe(value, VALUE_CHARACTERS), is_code=True)
        for name, value in values.items()
        if value not in ("", None)
    ]
    return known + [Fact(name, exact(at), at=at, is_code=True) for name, at in moments.items() if at is not None]


def error_text(message: str | None) -> ErrorText | None:
    """Return the error text for reading: first and last 16 KiB, cut between lines, secrets hidden."""
    if not message or not message.strip():
        return None
    is_cut_by_reading = len(message) == 2 * READ_CHARACTERS
    head, tail = (message[:READ_CHARACTERS], message[READ_CHARACTERS:]) if is_cut_by_reading else ends(message)
    return ErrorText(_readable(head), _readable(_from_a_new_word(tail)), len(message), is_cut_by_reading)


def _from_a_new_word(tail: str) -> str:
    """A cut may fall into a secret, whose rest nothing would recognise: what comes before the first gap is left out."""
    gap = next((place for place, character in enumerate(tail[:400]) if character.isspace()), 0)
    return tail[gap:]


def _readable(part: str) -> str:
    return "".join(c if c.isprintable() or c in "\n\t" else safe(c) for c in hide_secrets(part))


def file_facts(evidence: Evidence) -> list[Fact]:
    """Return what is known of the file, from its path to its header; nothing is said of what was not looked at."""
    return [fact for fact in _file_facts(evidence) if fact.text or fact.at]


def _file_facts(evidence: Evidence) -> Iterator[Fact]:
    audio, former = evidence.audio, evidence.former
    if audio is None:
        yield Fact("presence", _("Not looked at"), label=_("On disk"))
    else:
        yield from _of_file(audio)
    if former:
        yield Fact("former_size", size(former.size_bytes), label=_("Size when last seen"))
        yield Fact("seen_at", "", "moment", _("Last seen"), former.seen_at)
        yield Fact("missed_at", "", "moment", _("First missed"), former.missed_at)
    for candidate in evidence.candidates[:5]:
        yield Fact("candidate", safe(candidate.path, VALUE_CHARACTERS), label=_("Found elsewhere"), is_code=True)
    if evidence.growing:
        yield Fact("growing", safe(evidence.growing.path, VALUE_CHARACTERS), label=_("Being written"), is_code=True)
        yield Fact("growing_size", size(evidence.growing.size_bytes), label=_("Size so far"))
    yield Fact("url", safe(evidence.claim.client_url, VALUE_CHARACTERS), label=_("URL of the client"), is_code=True)


def _of_file(audio: AudioFacts) -> Iterator[Fact]:
    yield Fact("path", safe(audio.path, VALUE_CHARACTERS), label=_("Path in the audio folder"), is_code=True)
    yield Fact("presence", _presence(audio), label=_("On disk"))
    if audio.presence is Presence.REGULAR:
        yield Fact("size", _bytes(audio.size_bytes), label=_("Size"))
        yield Fact("modified", "", "moment", _("Last changed"), audio.modified_at)
    yield Fact("mode", safe(f"{audio.owner} {audio.mode}".strip()), label=_("Owner and mode"), is_code=True)
    yield Fact("blocked", safe(audio.blocked_at), label=_("Blocked at"), is_code=True)
    yield Fact("link", safe(audio.link_target), label=_("Links to"), is_code=True)
    if audio.header and not audio.header.problem:
        yield from _of_header(audio.header)


def _presence(audio: AudioFacts) -> str:
    word = str(PRESENCES[audio.presence])
    what = audio.error or (audio.kind if audio.presence is Presence.NOT_A_FILE else "")
    return f"{word} ({safe(what)})" if what else word


def _of_header(header: WavHeader) -> Iterator[Fact]:
    shape = (
        _("{rate} Hz · {bits} bit · {channels} channels")
        if header.channels != 1
        else _("{rate} Hz · {bits} bit · mono")
    )
    numbers = {"rate": count(header.sample_rate), "bits": str(header.bits), "channels": str(header.channels)}
    for name, value in numbers.items():
        shape = shape.replace(f"{{{name}}}", value)
    yield Fact("format", f"{header.container} · {shape}", label=_("Format"))
    yield Fact("length", duration(header.seconds_present), label=_("Audio present"))
    if header.is_unfinalised:
        yield Fact("declared", _("never written"), label=_("Audio promised"))
    elif header.is_truncated:
        yield Fact("declared", duration(header.seconds_declared), label=_("Audio promised"))
    if header.trailing:
        yield Fact("trailing", _bytes(header.trailing), label=_("Behind the audio"))


def _bytes(number: int) -> str:
    exactly = _("{n} bytes").replace("{n}", count(number))
    return _("{size} ({exactly})").replace("{size}", size(number)).replace("{exactly}", exactly)


def written(fact: Fact) -> str:
    """Return a fact as one text, for a ticket: its moment to the second."""
    return exact(fact.at) if fact.kind == "moment" else fact.text
