"""The shapes in which iOS reports: INNERERRCODE, systemErrCode with its domain, an error domain, a sentence alone."""

from __future__ import annotations

import re
from collections.abc import Iterator

from diagnostics.domain.player_errors.entries import Entry
from diagnostics.domain.player_errors.hits import Hit, hit, is_cut
from diagnostics.domain.player_errors.ios_media import IOS_MEDIA
from diagnostics.domain.player_errors.ios_network import IOS_NETWORK
from diagnostics.domain.player_errors.ios_system import IOS_COCOA, IOS_POSIX, IOS_STATUS
from diagnostics.domain.player_errors.phrases import PHRASES
from diagnostics.domain.player_errors.statuses import STATUSES, status_entry

Table = dict[str, Entry]

_ANY: Table = IOS_STATUS | IOS_MEDIA | IOS_NETWORK
_DOMAINS: dict[str, Table] = {
    "nsurlerrordomain": IOS_NETWORK,
    "kcferrordomaincfnetwork": IOS_NETWORK,
    "avfoundationerrordomain": IOS_MEDIA,
    "coremediaerrordomain": IOS_MEDIA,
    "nsosstatuserrordomain": IOS_STATUS | IOS_MEDIA,
    "nscocoaerrordomain": IOS_COCOA,
    "nsposixerrordomain": IOS_POSIX,
    "com.tencent.ksaudioplayer.http": STATUSES,
}
_FLAGS = re.IGNORECASE | re.ASCII
_NUMBER = r"(?P<code>-?\d{1,20})(?!\d)"
_IS = r"[\"']?\s{0,3}[:=]\s{0,3}[\"']?"
_REST = r"(?P<rest>[^\n\"{}]{0,300})"
_INNER = re.compile(rf"INNER\s?ERR\s?CODE{_IS}{_NUMBER}{_REST}", _FLAGS)
_BACKGROUND = re.compile(
    rf"(?:playerErrCode{_IS}-?\d{{1,20}}[\"']?\s{{0,3}},\s{{0,3}}[\"']?)?"
    rf"(?:domain{_IS}(?P<before>[\w.]{{1,60}})[\"']?\s{{0,3}},\s{{0,3}}[\"']?)?systemErrCode{_IS}{_NUMBER}{_REST}",
    _FLAGS,
)
_NAMED = re.compile(rf"domain{_IS}(?P<domain>[\w.]{{1,60}})", _FLAGS)
_IN_DOMAIN = re.compile(
    r"(?P<domain>NSURLErrorDomain|kCFErrorDomainCFNetwork|AVFoundationErrorDomain|CoreMediaErrorDomain|"
    r"NSOSStatusErrorDomain|NSCocoaErrorDomain|NSPOSIXErrorDomain)"
    rf"[\s\"'(:,=]{{0,4}}(?:error|code|错误|錯誤)?[\s\"':=]{{0,4}}{_NUMBER}",
    _FLAGS,
)
_OUTER_FOLLOWS = re.compile(r"[\"']?\s{0,3},?\s{0,3}[\"']?err(?:or)?code", _FLAGS)
_WRAP = 2**64


def signed(code: str) -> str:
    """iOS' background audio prints negative codes as unsigned numbers of 64 bits: 18446744073709550611 is -1005."""
    number = int(code)
    return str(number - _WRAP if _WRAP // 2 <= number < _WRAP else number)


def inner_codes(said: str) -> Iterator[Hit]:
    for match in _INNER.finditer(said):
        if is_cut(said, match.end("code"), match["code"], _ANY):
            continue
        code, end = signed(match["code"]), _end_of_message(match)
        yield hit(match.start(), end, "ios", code, _ANY.get(code))
        yield from _underlying(said, match.end("code"), end, code)


def background_codes(said: str) -> Iterator[Hit]:
    for match in _BACKGROUND.finditer(said):
        domain = _NAMED.search(match["rest"])
        table = _DOMAINS.get((domain["domain"] if domain else match["before"] or "").lower(), _ANY)
        if is_cut(said, match.end("code"), match["code"], table):
            continue
        code = signed(match["code"])
        found = status_entry(code) if table is STATUSES else table.get(code)
        yield hit(match.start(), _end_of_message(match), "ios", code, found)


def domain_codes(said: str) -> Iterator[Hit]:
    for match in _IN_DOMAIN.finditer(said):
        table = _DOMAINS[match["domain"].lower()]
        if not is_cut(said, match.end("code"), match["code"], table):
            code = signed(match["code"])
            yield hit(match.start(), match.end(), "ios", code, table.get(code))


def sentences(said: str) -> Iterator[Hit]:
    for code, pattern, entry in PHRASES:
        for match in pattern.finditer(said):
            yield Hit(match.start(), match.end(), entry.error("ios", code), is_weak=True)


def _underlying(said: str, start: int, end: int, code: str) -> Iterator[Hit]:
    """An error behind the error, printed in the same message: it says more than -11800 does."""
    for match in _IN_DOMAIN.finditer(said, start, end):
        inner = signed(match["code"])
        table = _DOMAINS[match["domain"].lower()]
        if inner != code and inner in table:
            yield hit(match.start(), match.end(), "ios", inner, table[inner])


def _end_of_message(match: re.Match[str]) -> int:
    """The outer code may stand right behind, and is read by itself."""
    outer = _OUTER_FOLLOWS.search(match["rest"])
    return match.end() if outer is None else match.start("rest") + outer.start()
