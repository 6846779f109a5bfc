"""Asks a session's URL for its first two bytes, as a player does that is about to play it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urljoin, urlsplit

from diagnostics.domain.delivery import DeliveryFacts
from diagnostics.domain.paths import StoreLayout, cut_query, is_served
from diagnostics.domain.redaction import hide_secrets
from diagnostics.probes.web import Answer, Network, NoAnswer, Resolve, ask, target_of

WANTED = {"Range": "bytes=0-1", "Accept": "*/*"}
FIRST_BYTES = 64  # enough to know what came where the server sends all
LONGEST_HEADER, LONGEST_URL, LONGEST_DETAIL = 100, 500, 200
MOST_DIGITS = 18
WHOLE, PART = 200, 206
WAVES = (b"RIFF", b"RF64", b"BW64")
RANGE = re.compile(r"bytes\s+0-1/(\d{1,18}|\*)", re.IGNORECASE)
ANY_RANGE = re.compile(r"bytes\s+(?:\d+-\d+|\*)/(\d{1,18})", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Allowed:
    """What may be asked: the origin and hosts of the layout; names may turn to these networks though they are private."""

    layout: StoreLayout
    networks: Sequence[Network] = ()
    resolve: Resolve | None = None  # the system's


def may_be_asked(url: str, allowed: Allowed) -> bool:
    """Whether the host that a client would ask is the host's own or one that the settings name."""
    try:
        return is_served(target_of(url).origin, allowed.layout)
    except NoAnswer:
        return False


def probe(url: str, allowed: Allowed, *, now: datetime, seconds: float) -> DeliveryFacts:
    """Return what the server answers within `seconds`; the URL's query is used for the question and never kept."""
    shown = without_query(url)
    try:
        if not is_served(target_of(url).origin, allowed.layout):
            return DeliveryFacts(shown, now, problem="not_allowed")
        answer = ask(
            url,
            seconds=seconds,
            headers=WANTED,
            most_bytes=FIRST_BYTES,
            networks=allowed.networks,
            resolve=allowed.resolve,
        )
    except NoAnswer as silence:
        return _unanswered(url, now, silence)
    if _is_cut(answer):
        return DeliveryFacts(shown, now, problem="closed", detail="before the body was whole")
    return _facts(url, now, answer, _content(answer))


def without_query(url: str) -> str:
    """Return a URL without query, fragment and whoever signs in with it, as it may be shown and kept."""
    bare = cut_query(url)
    scheme, mark, rest = bare.partition("://")
    authority, slash, path = rest.partition("/")
    bare = f"{scheme}{mark}{authority.rpartition('@')[2]}{slash}{path}" if mark else bare
    return _clean(bare, LONGEST_URL)


def _unanswered(url: str, now: datetime, silence: NoAnswer) -> DeliveryFacts:
    """No answer; but a refusal whose page did not come to its end is one all the same."""
    if silence.answer is not None:
        facts = _facts(url, now, silence.answer, "")
        if facts.is_refusal:
            return facts
    return DeliveryFacts(
        without_query(url), now, problem=silence.problem, detail=_clean(silence.detail, LONGEST_DETAIL)
    )


def _is_cut(answer: Answer) -> bool:
    """Whether a success broke off before as much came as was told and wanted."""
    expected = min(_number(answer.headers.get("content-length", "")) or 0, FIRST_BYTES)
    return answer.status in (WHOLE, PART) and len(answer.body) < expected


def _facts(url: str, now: datetime, answer: Answer, content: str) -> DeliveryFacts:
    headers = answer.headers
    content_range = headers.get("content-range", "").strip()
    is_partial = answer.status == PART and bool(RANGE.fullmatch(content_range)) and len(answer.body) == 2
    return DeliveryFacts(
        without_query(url),
        now,
        status=answer.status,
        content_type=_clean(headers.get("content-type", "").partition(";")[0].strip(), LONGEST_HEADER),
        content_encoding=_clean(headers.get("content-encoding", ""), LONGEST_HEADER),
        content_range=_clean(content_range, LONGEST_HEADER),
        length_bytes=_length(answer.status, headers.get("content-length", ""), content_range),
        is_partial=is_partial,
        content=content,
        redirects_to=_redirect(url, headers.get("location", "")) if 300 <= answer.status < 400 else "",
        address=answer.address,
        took_seconds=round(answer.seconds, 3),
    )


def _length(status: int, content_length: str, content_range: str) -> int | None:
    """The length of the whole file, which a part tells behind its slash only."""
    if status == PART:
        told = ANY_RANGE.fullmatch(content_range)
        return int(told[1]) if told else None
    return _number(content_length) if status == WHOLE else None


def _number(text: str) -> int | None:
    told = text.strip()
    return int(told) if told.isascii() and told.isdigit() and len(told) <= MOST_DIGITS else None


def _redirect(url: str, location: str) -> str:
    try:
        leads_to = urljoin(url, location.strip()) if location.strip() else ""
        urlsplit(leads_to)
    except ValueError:
        return ""
    return without_query(leads_to)


def _content(answer: Answer) -> str:
    """What the first bytes begin, of which there may be two; of `<` alone the type tells which."""
    body = answer.body
    if not body:
        return "empty"
    if any(body[:4] == wave[: len(body[:4])] and len(body) > 1 for wave in WAVES):
        return "wave"
    text = body.removeprefix(b"\xef\xbb\xbf").lstrip().lower()
    said = answer.headers.get("content-type", "").lower()
    if text.startswith(b"<"):
        is_xml = text.startswith(b"<?") or ("xml" in said and "html" not in said)
        return "xml" if is_xml else "html"
    return "json" if text.startswith((b"{", b"[")) else "other"


def _clean(text: str, longest: int) -> str:
    """A server's own words, which may hold anything."""
    printable = "".join(sign if sign.isprintable() else "\N{REPLACEMENT CHARACTER}" for sign in text[: 2 * longest])
    return hide_secrets(printable)[:longest]
