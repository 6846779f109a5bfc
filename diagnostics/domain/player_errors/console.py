"""A console line's status by the address beside it: the audio's own, one built wrongly, or a call of the host's API."""

from __future__ import annotations

from dataclasses import replace

from diagnostics.domain.player_errors import checks, suspects
from diagnostics.domain.player_errors.entries import Entry, entry
from diagnostics.domain.player_errors.hits import NOT_IN_THE_TABLES
from diagnostics.domain.player_errors.statuses import status_entry

# The client asks for it, the host never had it (host_app.md): the client then takes the file as existing.
_NOT_BUILT = entry(
    "The host has no call to check a file; the client then assumes that the file exists. This alone is no fault.",
    "主系统没有提供检查文件的接口，客户端会因此认为文件存在。仅凭这一条不算故障。",
    suspects.NONE,
    checks.FILE_AND_URL,
)
_CALL_REFUSED = entry(
    "A call of the client to the host's API was answered with an error; this is not the audio itself.",
    "客户端调用主系统接口时收到错误响应；这不是音频本身的问题。",
    suspects.ANSWER,
    checks.SERVER_LOG,
)
_CALL_WAITED = replace(_CALL_REFUSED, suspects=suspects.WAITED, check=checks.WAITING)
_WAITS = {"408", "499", "504"}


def answered(url: str, status: str) -> tuple[Entry, bool]:
    """Return what a status means at an address, and whether the address is that of another call than the audio's."""
    address = url.partition("?")[0].lower()
    if "/check_long_sequence_file/" in address and status == "404":
        return _NOT_BUILT, True
    if "/api/" in address and "static/" not in address:
        return (_CALL_WAITED if status in _WAITS else _CALL_REFUSED), True
    found = status_entry(status) or NOT_IN_THE_TABLES["browser"]
    if "/api/static/" in address and "delivery.wrong_url" in found.suspects:
        return _with_the_address_first(found), False
    return found, False


def _with_the_address_first(found: Entry) -> Entry:
    """`/api` before the static folder is how the client once built it wrongly (host_app.md, "Paths")."""
    others = tuple(code for code in found.suspects if code != "delivery.wrong_url")
    return replace(found, suspects=("delivery.wrong_url", *others))
