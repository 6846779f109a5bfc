"""The shapes in which browsers report: console lines, MediaError, the pipeline's names, DOMException, net::ERR_…"""

from __future__ import annotations

import re
from collections.abc import Iterator

from diagnostics.domain.player_errors.browser import (
    DOM_EXCEPTIONS,
    ELEMENT_ERRORS,
    MEDIA_ERROR_NAMES,
    MEDIA_ERRORS,
    PIPELINE,
)
from diagnostics.domain.player_errors.chromium import CHROMIUM
from diagnostics.domain.player_errors.console import answered
from diagnostics.domain.player_errors.entries import Entry
from diagnostics.domain.player_errors.hits import Hit, hit, is_cut
from diagnostics.domain.player_errors.phrases import PHRASES
from diagnostics.domain.player_errors.sayings import SAYINGS

_FLAGS = re.IGNORECASE | re.ASCII
_STATUS = r"(?P<code>[45]\d\d)(?!\d)(?:\s{0,3}\([^)\n]{0,60}\))?"
_CONSOLE_LINES = (
    re.compile(
        rf"\b(?:GET|POST|PUT|HEAD|OPTIONS|DELETE)\s{{1,3}}(?P<url>\S{{1,2000}})\s{{1,3}}(?:net::ERR_[a-z_]{{2,60}}\s{{0,3}})?{_STATUS}",
        _FLAGS,
    ),
    re.compile(
        rf"(?:responded\s{{1,3}}with\s{{1,3}}a\s{{1,3}}status\s{{1,3}}of|HTTP\s{{1,3}}load\s{{1,3}}failed\s{{1,3}}with\s{{1,3}}status)\s{{1,3}}{_STATUS}",
        _FLAGS,
    ),
    re.compile(
        r"(?P<url>https?://\S{1,2000})\s{1,3}(?:net::ERR_[a-z_]{2,60}\s{0,3})?(?P<code>[45]\d\d)\s{0,3}\([a-z][^)\n]{0,60}\)",
        _FLAGS,
    ),
)
_RESOURCE = re.compile(
    r"Failed\s{0,3}to\s{0,3}load\s{0,3}resource\s{0,3}:\s{0,3}(?P<rest>[^\n]{0,120}(?:\n[^\n]{0,60})?)", _FLAGS
)
_LEAD = 8  # an article may stand before the words that are known
_MEDIA_ERROR = re.compile(
    r"MediaError\b[^\x00]{0,60}?\b(?:err)?code[\"']?\s{0,3}[:=]?\s{0,3}(?P<code>[1-4])(?!\d)(?P<rest>[^\n\x00]{0,200})",
    _FLAGS,
)
_NAME = re.compile(
    r"(?<!\w)(?:MEDIA_ERR_|DEMUXER_ERROR_|DECODER_ERROR_|CHUNK_DEMUXER_|PIPELINE_ERROR_|AUDIO_RENDERER_|NS_ERROR_DOM_MEDIA_)\w{2,60}",
    _FLAGS,
)
_NETWORK = re.compile(r"(?<![\w:])(?P<net>net::)?(?P<name>ERR_\w{1,59}[a-z])(?![a-z_])", _FLAGS)
# Cronet's words within `request:fail`, or the end of a line that was wrapped there.
_IN_A_CALL = re.compile(r"(?:msg[\"']?\s{0,3}:|::)\s{0,3}\Z", _FLAGS)
# Django, asyncio and Python itself have errors of some of these names.
_DOM_EXCEPTION = re.compile(
    r"(?:DOMException[\s:\[(]{1,4}(?P<behind>[a-z]{3,30}Error)\b"
    r"|(?<![\w.])(?P<alone>EncodingError|NotSupportedError|NotAllowedError|QuotaExceededError)(?=\s{0,3}[:(\]]))",
    _FLAGS,
)
_BY_LOWER = {name.lower(): name for name in DOM_EXCEPTIONS}


def console_lines(said: str) -> Iterator[Hit]:
    for pattern in _CONSOLE_LINES:
        for match in pattern.finditer(said):
            entry, is_aside = answered(match.groupdict().get("url") or "", match["code"])
            yield Hit(match.start(), match.end(), entry.error("browser", match["code"]), is_aside)


def resources(said: str) -> Iterator[Hit]:
    """Safari's console says in iOS' words why a resource did not load."""
    for match in _RESOURCE.finditer(said):
        for code, pattern, entry in PHRASES:
            saying = pattern.search(match["rest"])
            if code and saying and saying.start() <= _LEAD:
                yield hit(match.start(), match.start("rest") + saying.end(), "browser", code, entry)
                break


def media_errors(said: str) -> Iterator[Hit]:
    for match in _MEDIA_ERROR.finditer(said):
        entry = _detail(match["rest"]) or MEDIA_ERRORS[match["code"]]
        yield hit(match.start(), match.end(), "browser", match["code"], entry)


def names(said: str) -> Iterator[Hit]:
    for match in _NAME.finditer(said):
        name = match[0].upper()
        code = MEDIA_ERROR_NAMES.get(name, name)
        entry = MEDIA_ERRORS.get(code) or PIPELINE.get(code)
        if entry:
            yield hit(match.start(), match.end(), "browser", code, entry)


def sayings(said: str) -> Iterator[Hit]:
    for pattern, code, entry in SAYINGS:
        for match in pattern.finditer(said):
            yield hit(match.start(), match.end(), "browser", code, entry)


def network(said: str) -> Iterator[Hit]:
    for match in _NETWORK.finditer(said):
        name = match["name"].upper()
        if _IN_A_CALL.search(said, max(0, match.start() - 20), match.start()):
            continue
        if name not in CHROMIUM and (not match["net"] or is_cut(said, match.end(), name, CHROMIUM)):
            continue
        yield hit(match.start(), match.end(), "browser", f"net::{name}", CHROMIUM.get(name))


def exceptions(said: str) -> Iterator[Hit]:
    for match in _DOM_EXCEPTION.finditer(said):
        name = _BY_LOWER.get((match["behind"] or match["alone"]).lower())
        if name:
            yield hit(match.start(), match.end(), "browser", name, DOM_EXCEPTIONS[name])


def _detail(rest: str) -> Entry | None:
    """What Chromium says behind a code of MediaError tells more than the code."""
    name = _NAME.search(rest)
    if name and name[0].upper() in PIPELINE:
        return PIPELINE[name[0].upper()]
    lowered = rest.lower()
    return next((entry for words, entry in ELEMENT_ERRORS.items() if words in lowered), None)
