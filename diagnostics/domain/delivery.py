"""What a server answered when it was asked for a session's audio as its player would ask."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

CERTIFICATE = "certificate_"
PASSING = (408, 429)  # a server that is busy says nothing of the file
UNASKED = ("not_allowed", "bad_url")


@dataclass(frozen=True, slots=True)
class DeliveryFacts:
    """One question for a URL with `Range: bytes=0-1`, and its answer.

    `url` is without its query, which may hold a signature. `problem` is empty where an answer came, else why none did:
    not_allowed (a host that no setting names), no_name, private_address, refused, unreachable, timeout, closed, not_http,
    tls, certificate_expired, certificate_name, certificate_untrusted, bad_url, busy. `length_bytes` is that of the whole
    file: behind the slash of Content-Range, else the Content-Length of a whole answer; None: the server does not tell.
    `content` is what the first bytes begin: wave, html, json, xml, other, empty; '' where a body was not looked at.
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

    @property
    def host(self) -> str:
        return self.url.partition("://")[2].partition("/")[0]

    @property
    def is_success(self) -> bool:
        return self.status is not None and 200 <= self.status < 300

    @property
    def is_refusal(self) -> bool:
        """Whether the server says that it does not send the file; one that only puts off does not."""
        return self.status is not None and 400 <= self.status < 600 and self.status not in PASSING

    @property
    def has_bad_certificate(self) -> bool:
        return self.problem.startswith(CERTIFICATE)

    @property
    def is_telling(self) -> bool:
        """Whether it says anything of how the file is served."""
        return self.has_bad_certificate or (not self.problem and (self.is_success or self.is_refusal))

    @property
    def is_silent(self) -> bool:
        """Whether nothing came from a server that was asked, or should have been."""
        return bool(self.problem) and not self.has_bad_certificate and self.problem not in UNASKED

    @property
    def why_not_telling(self) -> str:
        """The reason in one word: the problem, else what kind of answer it is; '' where it tells."""
        if self.is_telling:
            return ""
        if self.problem:
            return self.problem
        is_redirect = self.status is not None and 300 <= self.status < 400
        return "redirect" if is_redirect else "put_off" if self.status in PASSING else "odd_status"

    @property
    def is_audio(self) -> bool:
        return self.is_success and self.content == "wave"

    def sends_audio_of(self, size_bytes: int) -> bool:
        """Whether the audio itself came, of exactly this length."""
        return self.is_audio and self.length_bytes == size_bytes

    def is_well_for(self, size_bytes: int) -> bool:
        """Whether a file of this size is delivered as a player needs it."""
        return self.is_audio and self.is_partial and self.length_bytes in (None, size_bytes)
