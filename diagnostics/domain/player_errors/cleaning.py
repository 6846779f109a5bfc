"""A pasted text made readable: its two ends, escapes undone, nothing invisible, secrets hidden."""

from __future__ import annotations

import html
import re

from diagnostics.domain.redaction import HIDDEN, ends, hide_secrets

_ROUNDS = 3  # JSON within JSON within HTML is as deep as tickets go
_TERMINAL = re.compile(r"\x1b\[[0-9;]{0,20}[A-Za-z]")
_INVISIBLE = re.compile(r"[\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff\u00ad]")
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")
_ENTITY = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[a-zA-Z]{2,8});")
_UNICODE_ESCAPE = re.compile(r"\\{1,8}u([0-9a-fA-F]{4})")
_HEX_ESCAPE = re.compile(r"\\{1,8}x([0-7][0-9a-fA-F])")
_ESCAPED_MARK = re.compile(r"\\{1,8}([\"'/])")
_ESCAPED_LINE = re.compile(r"\\{1,8}(?:r\\{1,8})?n")
_ESCAPED_TAB = re.compile(r"\\{1,8}t")
_LOOKS_ESCAPED = re.compile(r"\\[\"u/]")

_QUERY = re.compile(r"(\?|%3F)[^\s\"'<>`]*", re.IGNORECASE)
_COOKIE = re.compile(r"((?:set-)?cookie[\"']?\s{0,3}[:=]\s{0,3}[\"']?)[^\n\"']{1,4000}", re.IGNORECASE)
_CREDENTIALS = re.compile(r"(://|%3A%2F%2F)[^\s/@\"'<>]{1,500}?(?:@|%40)", re.IGNORECASE)
_PERSONAL = re.compile(r"(?<![\w.])1[3-9]\d{9}(?![\w])|[\w.+-]{1,64}@[\w-]{1,63}\.[\w.-]{1,63}", re.ASCII)

# Full-width forms as their ASCII twins, one character for one: offsets stay.
_NARROW = {0xFF01 + offset: 0x21 + offset for offset in range(94)} | {
    0x3000: 0x20,
    0x00A0: 0x20,
    0x2007: 0x20,
    0x2009: 0x20,
    0x202F: 0x20,
    0x2010: 0x2D,
    0x2011: 0x2D,
    0x2012: 0x2D,
    0x2013: 0x2D,
    0x2212: 0x2D,
    0x201C: 0x22,
    0x201D: 0x22,
}


def readable(text: str) -> str:
    """Return the first and last 16 KiB of a text with its escapes undone. Secrets are still in it."""
    head, tail = ends(text)
    said = f"{head}\n{_from_a_new_word(tail)}" if tail else head
    for _ in range(_ROUNDS):
        said = _with_escapes_undone(said)
    said = _TERMINAL.sub("", said.replace("\r\n", "\n").replace("\r", "\n"))
    said = said.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return _CONTROL.sub(" ", _INVISIBLE.sub("", said))


def without_secrets(said: str) -> str:
    """Hide what redaction knows, whole queries, cookies and logins in addresses."""
    said = _COOKIE.sub(rf"\1{HIDDEN}", _CREDENTIALS.sub(rf"\1{HIDDEN}@", said))
    return hide_secrets(_QUERY.sub(_hidden_query, said))


def narrow(said: str) -> str:
    """Return the same text, character for character, with ASCII punctuation and digits: shapes are told by them."""
    return said.translate(_NARROW)


def excerpt(said: str, longest: int) -> str:
    """Return one line of a text that holds no secrets, nor a phone number or a mail address."""
    line = " ".join(_PERSONAL.sub(HIDDEN, said).split())
    return line if len(line) <= longest else f"{line[: longest - 1]}…"


def _from_a_new_word(tail: str) -> str:
    """What is cut off at its beginning may be the rest of a secret, whose name stands before the cut."""
    blank = re.search(r"\s", tail)
    return tail[blank.start() :] if blank else ""


def _with_escapes_undone(said: str) -> str:
    if "&" in said:
        said = _ENTITY.sub(lambda entity: html.unescape(entity[0]), said)
    if "\\" not in said:
        return said
    if _LOOKS_ESCAPED.search(said):
        said = _ESCAPED_TAB.sub(" ", _ESCAPED_LINE.sub("\n", said))
    for escape in (_UNICODE_ESCAPE, _HEX_ESCAPE):
        said = escape.sub(lambda code: chr(int(code[1], 16)), said)
    return _ESCAPED_MARK.sub(r"\1", said)


def _hidden_query(query: re.Match[str]) -> str:
    has_values = "=" in query[0] or "%3d" in query[0].lower()
    return f"{query[1]}{HIDDEN}" if has_values else query[0]
