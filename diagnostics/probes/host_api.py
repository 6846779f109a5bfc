"""The host's status call, asked as its client asks it, and read however loosely it keeps to its own shape."""

from __future__ import annotations

import ipaddress
import json
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from urllib.parse import quote

from diagnostics.domain.host_answer import HostAnswer
from diagnostics.domain.paths import cut_query
from diagnostics.domain.redaction import hide_secrets
from diagnostics.probes.web import Answer, NoAnswer, ask

STATUS_CALL = "/api/music/long_sequence_status/"
MOST_BYTES = 65_536
DETAIL_CHARACTERS = 200
# The administrator names the host's address; its own name may well turn to a private one.
ANYWHERE = (ipaddress.ip_network("0.0.0.0/0"), ipaddress.ip_network("::/0"))
COLUMNS = {
    "status": "status",
    "path": "final_file_path",
    "size_bytes": "final_file_size",
    "error_message": "error_message",
}
WORDS = ("error", "message", "msg", "detail")
WHOLE = re.compile(r"\s*(\d{1,18})(?:\.0*)?\s*")
NOTHING: Mapping[str, str] = {}


def ask_status(base_url: str, key: object, *, seconds: float, columns: Mapping[str, str] = NOTHING) -> HostAnswer:
    """Return what the host tells its client of one session; `columns` are the host's own names, where it has others.

    Never raises: what stood in the way is the answer's `problem`.
    """
    asked_at = datetime.now(UTC)
    try:
        answer = ask(url_of(base_url, key), seconds=seconds, most_bytes=MOST_BYTES + 1, networks=ANYWHERE)
    except NoAnswer as problem:
        return HostAnswer(asked_at, problem.problem, _words(problem.detail))
    return _read(answer, asked_at, columns)


def url_of(base_url: str, key: object) -> str:
    return f"{base_url.rstrip('/')}{STATUS_CALL}{quote(str(key), safe='', errors='surrogatepass')}"


def _read(answer: Answer, asked_at: datetime, columns: Mapping[str, str]) -> HostAnswer:
    body = _document(answer.body)
    is_shaped = isinstance(body, dict) and "success" in body

    def problem(code: str, detail: object = "") -> HostAnswer:
        return HostAnswer(
            asked_at, code, _words(detail), answer.status, took_seconds=answer.seconds, is_shaped=is_shaped
        )

    if answer.status != 200:
        return problem("status", _own_words(body) or cut_query(answer.headers.get("location", "")))
    if not isinstance(body, dict):
        return problem("not_json", "" if len(answer.body) <= MOST_BYTES else f"more than {MOST_BYTES} bytes")
    if not _is_yes(body.get("success", True)):
        return problem("no_success", _own_words(body))
    told = _told(body.get("data"), columns)
    if not told:
        return problem("no_data")
    return HostAnswer(
        asked_at,
        http_status=answer.status,
        told=frozenset(told),
        took_seconds=answer.seconds,
        is_shaped=is_shaped,
        **told,  # type: ignore[arg-type]  # each by its own reader
    )


def _document(body: bytes) -> object:
    """The body as JSON; None where it is none, or is longer than anybody reads."""
    if len(body) > MOST_BYTES:
        return None
    try:
        return json.loads(body)
    except (ValueError, RecursionError):
        return None


def _told(data: object, columns: Mapping[str, str]) -> dict[str, str | int | None]:
    """The fields that an answer holds; they may lie one deeper, so that is the session which holds the most of them."""
    if not isinstance(data, dict):
        return {}
    inner = (value for value in data.values() if isinstance(value, dict))
    return max((_fields(one, columns) for one in (data, *inner)), key=len)


def _fields(data: Mapping[str, object], columns: Mapping[str, str]) -> dict[str, str | int | None]:
    """Those that are of the kinds that they can be."""
    found: dict[str, str | int | None] = {}
    for name, column in COLUMNS.items():
        held = next((one for one in (columns.get(column, column), column) if one in data), None)
        if held is None:
            continue
        value = data[held]
        read = _whole(value) if name == "size_bytes" else _text(value)
        if value is None or read is not None:
            found[name] = read
    return found


def _text(value: object) -> str | None:
    return str(value) if isinstance(value, str | int | float) and not isinstance(value, bool) else None


def _whole(value: object) -> int | None:
    match = WHOLE.fullmatch(_text(value) or "")
    return int(match[1]) if match else None


def _is_yes(value: object) -> bool:
    return str(value).strip().lower() in ("true", "1")


def _own_words(body: object) -> str:
    """What an answer says of itself, never the whole of it."""
    if not isinstance(body, dict):
        return ""
    return next((text for name in WORDS if (text := _text(body.get(name)))), "")


def _words(text: object) -> str:
    """Whole secrets are hidden before anything is cut."""
    return hide_secrets(str(text))[:DETAIL_CHARACTERS]
