"""The shapes in which the client's own calls report, and WeChat's coarse codes where nothing else stands."""

from __future__ import annotations

import re
from collections.abc import Iterator

from diagnostics.domain.player_errors.client import CALLS, UNI_APP, call_entry, reason_in
from diagnostics.domain.player_errors.hits import Hit, hit
from diagnostics.domain.player_errors.outer import OUTER
from diagnostics.domain.player_errors.statuses import status_entry

_FLAGS = re.IGNORECASE | re.ASCII
_CALL = re.compile(
    r"\b(?P<call>request|downloadFile|uploadFile|saveFile|connectSocket)\s{0,3}:\s{0,3}fail(?!ed|ure)[:\s,]{0,3}(?P<rest>[^\"{}\n]{0,200})",
    _FLAGS,
)
_NAMES = {name.lower(): name for name in ("request", "downloadFile", "uploadFile", "saveFile", "connectSocket")}
_STATUS = re.compile(
    r"(?:\bstatus[\s_]?code[\"']?\s{0,3}[:=]?\s{0,3}|\bHTTP(?:/\d(?:\.\d)?)?[\"']?\s{0,2}(?:错误|error|status)?\s{0,2}[:=]?\s{0,3})"
    r"(?P<code>[45]\d\d)(?![\d.])",
    _FLAGS,
)
_WAITED = re.compile(r"timeout\s{1,3}of\s{1,3}\d{1,9}\s?ms\s{1,3}exceeded", _FLAGS)
_NO_NETWORK = re.compile(r"(?:Axios)?Error\s{0,3}:\s{0,3}Network\s{1,3}Error", _FLAGS)
_UNI_WORDS = r"(?:IO\s{0,2}错误|IO\s{1,2}error|HTML5\+|uni-?app|plus\.audio)"
_UNI_CODE = r"(?:err)?code[\"']?\s{0,3}[:=]\s{0,3}[\"']?(-[56])(?!\d)"
_UNI_APP = re.compile(rf"{_UNI_CODE}[^{{}}\n]{{0,80}}?{_UNI_WORDS}|{_UNI_WORDS}[^{{}}\n]{{0,80}}?{_UNI_CODE}", _FLAGS)
_OUTER = re.compile(
    r"(?:(?<![a-z])err(?:or)?[\s_]?code|错误代?码)[\"']?\s{0,3}[:=]?\s{0,3}[\"']?(?P<code>100001|1000[1-5]|-1)(?!\d)[\"']?",
    _FLAGS,
)
_OUTER_ALONE = re.compile(r"\A\s*(?P<code>1000[1-5])\s*\Z")


def calls(said: str) -> Iterator[Hit]:
    for match in _CALL.finditer(said):
        call, reason = _NAMES[match["call"].lower()], reason_in(match["rest"])
        yield hit(match.start(), match.end(), "client", f"{call}:fail {reason}".strip(), call_entry(call, reason))


def waits(said: str) -> Iterator[Hit]:
    for match in _WAITED.finditer(said):
        yield hit(match.start(), match.end(), "client", "timeout", CALLS["timeout"])
    for match in _NO_NETWORK.finditer(said):
        yield hit(match.start(), match.end(), "client", "Network Error", CALLS["cannot connect"])


def statuses(said: str) -> Iterator[Hit]:
    for match in _STATUS.finditer(said):
        yield hit(match.start(), match.end(), "client", match["code"], status_entry(match["code"]))


def uni_app(said: str) -> Iterator[Hit]:
    for match in _UNI_APP.finditer(said):
        code = match[1] or match[2]
        yield hit(match.start(), match.end(), "client", code, UNI_APP[code])


def outer_codes(said: str) -> Iterator[Hit]:
    for pattern in (_OUTER, _OUTER_ALONE):
        for match in pattern.finditer(said):
            yield hit(match.start(), match.end(), "client", match["code"], OUTER[match["code"]])
