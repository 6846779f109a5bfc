"""The address that the client asked for: which of those in a text it is, without its query, and when its link ends."""

from __future__ import annotations

import re
from datetime import datetime
from itertools import islice
from typing import NamedTuple

from diagnostics.domain.links import link_expiry
from diagnostics.domain.redaction import hide_secrets

_LONGEST = 1000
_MOST = 100
_AUDIO = r"\.(?:wav|mp3|m4a|aac|ogg|flac|amr)"
_ADDRESS = re.compile(r"\bhttps?://[^\s\"'<>\\^`{}|，。；！？、（）【】《》「」]{1,2000}", re.IGNORECASE)
_CONTINUED = re.compile(rf"\n[ \t]{{0,8}}(?!https?://|[/-])([^\s\"'<>]{{1,300}}?{_AUDIO})(?!\w)", re.IGNORECASE)
_QUERY = re.compile(r"[?#]|%3F", re.IGNORECASE)
_CREDENTIALS = re.compile(r"(://)[^/@]{1,500}@")
_IN_SOURCE = re.compile(r"(/[^/]{0,300}?)(?::\d{1,6}){1,2}\Z")
_IS_AUDIO = re.compile(rf"{_AUDIO}\Z|generated_music|/static/|long_sequence_[\w-]{1, 64}?_\d{8}_", re.IGNORECASE)
_ASKED_FOR = re.compile(
    r"(?:\b(?:GET|HEAD|src|url|audio_?url)|地址|链接|URL)[\"']?\s{0,3}[:=：]?\s{0,3}[\"']?\Z", re.IGNORECASE
)
# Addresses that a console prints of its own.
_OF_CODE = re.compile(r"\.(?:js|ts|vue|html|wxml|dtd)\Z|//servicewechat\.com/|//developers\.", re.IGNORECASE)


class Address(NamedTuple):
    url: str
    expires_at: datetime | None


def asked_for(said: str) -> Address | None:
    """Return the likeliest of the addresses in a text that may still hold secrets; the answer holds none.

    One of audio that stands behind GET, src or url comes first, then one of audio, then any other: the earliest of each.
    """
    matches = list(islice(_ADDRESS.finditer(said), _MOST))
    found = [(match, _whole(said, match)) for match in matches]
    usable = [(match, url) for match, url in found if not _OF_CODE.search(_bare(url))]
    if not usable:
        return None
    _, url = min(usable, key=lambda pair: (_likelihood(said, *pair), pair[0].start()))
    return Address(_shown(url), link_expiry(url))


def _likelihood(said: str, match: re.Match[str], url: str) -> int:
    if not _IS_AUDIO.search(_bare(url)):
        return 2
    return 0 if _ASKED_FOR.search(said[max(0, match.start() - 30) : match.start()]) else 1


def _whole(said: str, match: re.Match[str]) -> str:
    """A long address may be wrapped before its end."""
    rest = None if re.search(rf"{_AUDIO}", match[0], re.IGNORECASE) else _CONTINUED.match(said, match.end())
    return match[0] + (rest[1] if rest else "")


def _bare(url: str) -> str:
    """Without query, fragment and login, and without what a sentence or a console put behind it."""
    bare = _CREDENTIALS.sub(r"\1", _QUERY.split(url, maxsplit=1)[0]).rstrip(".,;:!?)]*")
    return _IN_SOURCE.sub(r"\1", bare)


def _shown(url: str) -> str:
    bare = hide_secrets(_bare(url))
    return bare if len(bare) <= _LONGEST else f"{bare[: _LONGEST - 1]}…"
