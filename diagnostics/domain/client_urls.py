"""The URL that a client says it asked for, against the one that it should have built from the row."""

from __future__ import annotations

from diagnostics.domain.facts import Evidence
from diagnostics.domain.paths import ADDRESS, ClaimKind, cut_query, parts_of
from diagnostics.domain.redaction import hide_secrets

AUDIO = (".wav", ".mp3", ".m4a", ".aac")
NOTHING = ("undefined", "null", "NaN", "None")  # what a script writes where it had no path


def wanted(evidence: Evidence) -> str:
    """Return the URL that the client should have built, without its query; '' where the row names no file."""
    claim = evidence.claim
    return "" if claim.kind is ClaimKind.BLANK else hide_secrets(cut_query(claim.client_url))


def is_of_audio(evidence: Evidence) -> bool:
    """Whether the client's URL was meant for the audio, and not for a call of the API or a page."""
    if evidence.asked is None or not wanted(evidence):
        return False
    asked, built = parts_of(evidence.asked.raw), parts_of(wanted(evidence))
    last = asked[-1] if asked else ""
    return last == evidence.claim.name or last.lower().endswith(AUDIO) or last in NOTHING or asked == built[:-1]


def names_the_file(evidence: Evidence) -> bool:
    """Whether the client's URL ends in the file name of the row: plainly this session's audio."""
    asked = parts_of(evidence.asked.raw) if evidence.asked else ()
    return bool(asked) and asked[-1] == evidence.claim.name


def astray(evidence: Evidence) -> str:
    """Return how the client's URL misses the right one: api (inserted before the path), path, origin; '': not at all.

    Compared by the path below the origin, query cut, escapes decoded once, dot segments removed. Another origin counts
    where it is neither PUBLIC_BASE_URL nor a delivery host, and only where the right one is known.
    """
    if evidence.asked is None or not is_of_audio(evidence):
        return ""
    asked, built = parts_of(evidence.asked.raw), parts_of(wanted(evidence))
    if asked == ("api", *built):
        return "api"
    if asked != built:
        return "path"
    is_strange = evidence.asked.kind is ClaimKind.REMOTE and evidence.claim.kind is not ClaimKind.REMOTE
    return "origin" if is_strange and ADDRESS.match(wanted(evidence)) else ""
