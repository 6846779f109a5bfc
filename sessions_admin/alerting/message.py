"""What is sent by mail, in words: the same for alerts and for the weekly report."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Message:
    """One mail in one language; `html` is '' where plain text is all there is to say."""

    subject: str
    text: str
    html: str = ""
