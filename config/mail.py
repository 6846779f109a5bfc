"""The mail server as one address (SMTP_URL)."""

from __future__ import annotations

from dataclasses import dataclass, field
from urllib.parse import unquote, urlsplit

from django.core.exceptions import ValidationError
from django.core.validators import validate_email

SCHEMES = {"smtp": 25, "smtp+starttls": 587, "smtps": 465}


def smtp_url(value: str) -> str:
    try:
        parts = urlsplit(value)
        is_one = parts.scheme in SCHEMES and bool(parts.hostname) and parts.port != 0
    except ValueError:
        is_one = False
    example = "smtp+starttls://user:password@mail.example.com:587"
    return (
        "" if is_one else f"it is no address of a mail server; use smtp://, smtp+starttls:// or smtps://, as {example}."
    )


def address(value: str) -> str:
    try:
        validate_email(value)
    except ValidationError:
        return f"{value!r} is no mail address; use one such as alerts@example.com."
    return ""


@dataclass(frozen=True, slots=True)
class MailServer:
    """Where mail goes; no `host`: nobody may send."""

    host: str = ""
    port: int = SCHEMES["smtp"]
    user: str = ""
    password: str = field(default="", repr=False)
    is_starttls: bool = False
    is_tls: bool = False


def server(url: str) -> MailServer:
    """Return the server that an address means; none for a text that is no such address."""
    if smtp_url(url):
        return MailServer()
    parts = urlsplit(url)
    return MailServer(
        host=parts.hostname or "",
        port=parts.port or SCHEMES[parts.scheme],
        user=unquote(parts.username or ""),
        password=unquote(parts.password or ""),
        is_starttls=parts.scheme == "smtp+starttls",
        is_tls=parts.scheme == "smtps",
    )
