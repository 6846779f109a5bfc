"""What a session's key looks like in an address: any text at all, slashes and line breaks included."""

from __future__ import annotations


class KeyConverter:
    """The host's keys can be strings of any kind; a key that its own page cannot name must not break a list."""

    regex = r"[\s\S]*"

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: object) -> str:
        return str(value)
