"""What a server answered when it was asked for a session's audio as its player would ask."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class DeliveryFacts:
    """One question for a URL with `Range: bytes=0-1`, and its answer.

    `url` is without its query, which may hold a signature. `problem` is empty where an answer came, else why none did:
    not_allowed (a host that no setting names), no_name, private_address, refused, unreachable, timeout, closed, not_http,
    tls, certificate_expired, certificate_name, certificate_untrusted, bad_url, busy. `length_bytes` is that of the whole
    file: behind the slash of Content-Range, else the Content-Length of a whole answer; None: the server does not tell.
    `content` is what the first bytes begin: wave, html, json, xml, other, empty.
    """

    url: str
    asked_at: datetime
    problem: str = ""
    detail: str = ""
    status: int | None = None
    content_type: str = ""
    content_encoding: str = ""
    content_range: str = ""
    length_bytes: int | None = None
    is_partial: bool = False  # 206, with just the bytes that were asked for
    content: str = ""
    redirects_to: str = ""  # scheme, host and path, without the query
    address: str = ""  # whom the name turned to
    took_seconds: float = 0.0
