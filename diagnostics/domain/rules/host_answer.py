"""What the host's status call tells its client, held against the row: the client believes the call, not the table."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from diagnostics.domain import observations
from diagnostics.domain.facts import Confidence, Evidence, Finding, Observation, SessionRecord
from diagnostics.domain.host_answer import NOT_FOUND, HostAnswer
from diagnostics.domain.links import link_expiry
from diagnostics.domain.paths import ADDRESS, Claim, ClaimKind, cut_query
from diagnostics.domain.redaction import hide_secrets

# The host's table is read with the two ends of a long text, 16 KiB each; so many characters are whole in any case.
COMPARED_CHARACTERS = 4_096
SHOWN_ERROR_CHARACTERS = 60


@dataclass(frozen=True, slots=True)
class Difference:
    """One column of which the call tells another value (`told`) than the row says; both as they may be shown."""

    name: str  # status, path, size, error
    column: str
    recorded: str
    told: str


def api_disagrees(evidence: Evidence) -> Iterator[Finding]:
    """The host's status call tells its client something else than the row says, or knows no such session."""
    answer = evidence.host_answer
    if answer is None:
        return
    found = differences(evidence.record, evidence.claim, answer)
    if answer.knows_no_session:
        yield _no_session(evidence, answer)
    elif found:
        lines = [line for one in found for line in _lines(evidence, answer, one)]
        yield Finding("record.api_disagrees", Confidence.CERTAIN, tuple(lines), _values(evidence, answer, found))


def differences(record: SessionRecord, claim: Claim, answer: HostAnswer) -> tuple[Difference, ...]:
    """Return what differs from a row and its path, understood, the gravest first; only what the call told can."""
    if answer.problem:
        return ()
    return tuple(found for compare in COMPARISONS if (found := compare(record, claim, answer)) is not None)


def told_lines(answer: HostAnswer) -> tuple[Observation, ...]:
    """What the call told, field by field."""
    values = {
        "status": ("status", answer.status),
        "path": ("final_file_path", _shown_path(answer.path)),
        "size_bytes": ("final_file_size", answer.size_bytes),
        "error_message": ("error_message", answer.error_message),
    }
    return tuple(
        observations.answered(column, value, answer.asked_at)
        for name, (column, value) in values.items()
        if name in answer.told
    )


def _no_session(evidence: Evidence, answer: HostAnswer) -> Finding:
    """Certain where the host's API itself says so; any other 404 may be that of a server before it."""
    lines = (
        observations.recorded(evidence, "status", evidence.record.status),
        observations.answered("HTTP status", NOT_FOUND, answer.asked_at),
    )
    values: dict[str, object] = {
        "difference": "no_session" if answer.is_shaped else "no_api",
        "recorded": _shown(evidence.record.status),
        "is_misleading": answer.is_shaped,
    }
    confidence = Confidence.CERTAIN if answer.is_shaped else Confidence.POSSIBLE
    return Finding("record.api_disagrees", confidence, lines, values)


def _status(record: SessionRecord, _claim: Claim, answer: HostAnswer) -> Difference | None:
    if "status" not in answer.told or answer.status == record.status:
        return None
    return Difference("status", "status", _shown(record.status), _shown(answer.status))


def _path(record: SessionRecord, claim: Claim, answer: HostAnswer) -> Difference | None:
    if "path" not in answer.told or answer.claim is None or _is_same_place(claim, answer.claim):
        return None
    recorded, told = _shown_path(record.path), _shown_path(answer.path)
    return Difference("path", "final_file_path", _shown(recorded), _shown(told))


def _size(record: SessionRecord, _claim: Claim, answer: HostAnswer) -> Difference | None:
    """No size and a size of zero say the same."""
    is_asked = "size_bytes" in answer.told and "final_file_size" not in record.absent
    if not is_asked or (record.size_bytes or 0) == (answer.size_bytes or 0):
        return None
    return Difference("size", "final_file_size", _shown(record.size_bytes), _shown(answer.size_bytes))


def _error(record: SessionRecord, _claim: Claim, answer: HostAnswer) -> Difference | None:
    """Of a failed session; the call may tell the beginning of a long text only."""
    is_asked = "error_message" in answer.told and record.status == "failed"
    if not is_asked or _is_same_text(record.error_message, answer.error_message):
        return None
    return Difference("error", "error_message", _shown(record.error_message), _shown(answer.error_message))


Comparison = Callable[[SessionRecord, Claim, HostAnswer], Difference | None]
COMPARISONS: tuple[Comparison, ...] = (_status, _path, _size, _error)


def _is_same_place(ours: Claim, theirs: Claim) -> bool:
    """Whether two paths name the same file and lead the client to the same address, whatever its signature.

    A signature may be made anew for each answer; that one is lost is a difference.
    """
    if (ours.kind, ours.path) != (theirs.kind, theirs.path):
        return False
    if ours.kind is ClaimKind.BLANK:
        return True
    is_signed_still = "?" in theirs.client_url or "?" not in ours.client_url
    return is_signed_still and _address(ours, ours) == _address(theirs, ours)


def _address(claim: Claim, beside: Claim) -> str:
    """Where a client is led to; without a host where the row's own address has none, since PUBLIC_BASE_URL is not set."""
    url = cut_query(claim.client_url)
    found = ADDRESS.match(url)
    return found["path"] if found and not ADDRESS.match(beside.client_url) else url


def _is_same_text(ours: str | None, theirs: str | None) -> bool:
    first, second = _plain(ours), _plain(theirs)
    if not first or not second:
        return first == second
    return first.startswith(second) or second.startswith(first)


def _plain(text: str | None) -> str:
    head = " ".join((text or "").strip()[:COMPARED_CHARACTERS].split())
    return head.removesuffix("…").removesuffix("...").rstrip()


def _is_misleading(evidence: Evidence, answer: HostAnswer, names: set[str]) -> bool:
    """Whether the client is led astray: by another status, or, to play, by a path that does not lead to the row's file."""
    is_to_play = "path" in names and evidence.record.status == "completed"
    return "status" in names or (is_to_play and not _may_lead(answer.claim, evidence))


def _may_lead(told: Claim | None, evidence: Evidence) -> bool:
    """Whether a path leads to the row's own file, or is a valid link to one of that name on another server.

    A host may keep the file's place and sign a link for each answer; whether that server has it, only delivery tells.
    """
    ours = evidence.claim
    if told is None or ours.kind is not ClaimKind.INSIDE:
        return False
    if told.kind is ClaimKind.REMOTE:
        ends_at = link_expiry(told.raw)
        return told.name == ours.name and (ends_at is None or ends_at > evidence.now)
    return told.kind is ClaimKind.INSIDE and told.leads_to_file and told.path == ours.path


def _lines(evidence: Evidence, answer: HostAnswer, found: Difference) -> Iterator[Observation]:
    yield observations.recorded(evidence, found.column, found.recorded)
    yield observations.answered(found.column, found.told, answer.asked_at)
    if found.name == "path" and answer.claim and answer.claim.client_url:
        yield observations.answered("URL the client builds", cut_query(answer.claim.client_url), answer.asked_at)


def _values(evidence: Evidence, answer: HostAnswer, found: tuple[Difference, ...]) -> dict[str, object]:
    """One difference is told by itself, several by the names of their columns."""
    names = {one.name for one in found}
    values: dict[str, object] = {"is_misleading": _is_misleading(evidence, answer, names)}
    if len(found) > 1:
        recorded = ", ".join(f"{one.column} {_short(one, one.recorded)}" for one in found)
        told = ", ".join(f"{one.column} {_short(one, one.told)}" for one in found)
        return {**values, "difference": "several", "recorded": recorded, "told": told}
    values |= {"difference": found[0].name, "recorded": found[0].recorded, "told": found[0].told}
    if found[0].name == "size":
        sizes = {"recorded_bytes": evidence.record.size_bytes, "told_bytes": answer.size_bytes}
        values |= {name: _shown(size) if size is None else size for name, size in sizes.items()}
    return values


def _short(found: Difference, text: str) -> str:
    """Secrets are hidden before anything is cut: half of one is known by nothing."""
    hidden = hide_secrets(text)
    is_long = found.name == "error" and len(hidden) > SHOWN_ERROR_CHARACTERS
    return f"{hidden[:SHOWN_ERROR_CHARACTERS]}…" if is_long else hidden


def _shown_path(path: str | None) -> str | None:
    """A path without what may be a signature; that there is one is told."""
    if path is None:
        return None
    bare = cut_query(path)
    return bare if bare == path else f"{bare}?…"


def _shown(value: object) -> str:
    return "NULL" if value is None else "''" if value == "" else str(value)
