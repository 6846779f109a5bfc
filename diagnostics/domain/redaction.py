"""Secrets in texts of the host made harmless: signatures and tokens in URLs, passwords, bearer tokens."""

from __future__ import annotations

import re

HIDDEN = "[hidden]"
READ_CHARACTERS = 16 * 1024

_NAMES = (
    r"(?:access_|session_|security_|security-|refresh_|id_|api_|auth_|app)?token|e|expires|sign|sig|signature|"
    r"(?:api_?|auth_?|access_?|secret_?|session_?)?key|key-pair-id|ossaccesskeyid|accesskeyid|policy|code|"
    r"passw(?:or)?d|pwd|secret|appsecret|openid|x-(?:amz|oss|goog|cos|tos)-[\w-]+|q-[\w-]+"
)
_IN_QUERIES = re.compile(rf"([?&;](?:{_NAMES})=)[^&\s\"'<>#]+", re.IGNORECASE)
# Under whatever name: what is as long as a signature, and no file's name.
_LONG_IN_QUERIES = re.compile(
    r"([?&;][\w.%-]{1,40}=)(?![^&\s\"'<>#]{0,400}\.(?:wav|mp3|m4a|json|html?)\b)[^&\s\"'<>#]{20,}", re.IGNORECASE
)
_IN_TEXTS = re.compile(
    r"((?<!\w)(?<!\w-)(?:password|passwd|pwd|secret|(?:access|session|refresh|auth|api|security)?[_-]?token|api[_-]?key|"
    r"secret[_-]?key|access[_-]?key|session[_-]?key|openid)[\"']?\s{0,3}[=:]\s{0,3}[\"']?)(?!(?:yes|no|none|null)\b)[^\s\"'&,;<>]{3,}",
    re.IGNORECASE,
)
_IN_COMMANDS = re.compile(
    r"((?<![\w-])--(?:password|passwd|secret|token|api-key|access-key|secret-key)\s{1,3})[^\s-][^\s]{2,}", re.IGNORECASE
)
_AUTHORIZATION = re.compile(
    r"((?:authorization[\"']?\s{0,3}[:=]\s{0,3}[\"']?)?(?:bearer|basic)\s+)[\w.~+/=-]{8,}", re.IGNORECASE
)
_JSON_WEB_TOKEN = re.compile(r"\beyJ[\w-]{8,}\.[\w-]+(?:\.[\w-]*)?")
_IN_ADDRESSES = re.compile(r"(\b[a-z][a-z0-9+.-]{1,20}://[^\s/:@]{0,200}:)[^\s/@]+(?=@)", re.IGNORECASE)
# Most texts are a status, a size or a time: one look tells that they hold no secret.
_SUSPICIOUS = re.compile(r"[=:]|bearer|basic|eyJ|--", re.IGNORECASE)


def hide_secrets(text: str) -> str:
    """Return a text with the values of secrets replaced; their names stay, for they are part of the diagnosis."""
    if not _SUSPICIOUS.search(text):
        return text
    for pattern in (_IN_QUERIES, _LONG_IN_QUERIES, _AUTHORIZATION, _IN_TEXTS, _IN_COMMANDS, _IN_ADDRESSES):
        text = pattern.sub(rf"\1{HIDDEN}", text)
    return _JSON_WEB_TOKEN.sub(HIDDEN, text)


def ends(text: str, characters: int = READ_CHARACTERS) -> tuple[str, str]:
    """Return the first and the last part of a long text, and ('', '') after it where it is short enough to be whole."""
    if len(text) <= 2 * characters:
        return text, ""
    return text[:characters], text[-characters:]
