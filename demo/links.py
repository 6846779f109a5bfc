"""Signed links to the audio, good until a time: how they are made, and whether the server takes them."""

from __future__ import annotations

import hmac
import secrets
from base64 import urlsafe_b64encode
from urllib.parse import parse_qs

from demo.place import Place

DEFAULT_URL = "http://127.0.0.1:8801"


def base_url(place: Place) -> str:
    """Where the server answers, or answered last; its default address where it never did."""
    try:
        return place.server_url.read_text().strip() or DEFAULT_URL
    except FileNotFoundError:
        return DEFAULT_URL


def signed(place: Place, path: str, expires: int, key: str | None = None) -> str:
    """The address of a file until `expires`, an epoch; `key` is the server's own unless another is given."""
    return f"{base_url(place)}{path}?e={expires}&token={token(key or own_key(place), path, expires)}"


def own_key(place: Place) -> str:
    try:
        return place.link_key.read_text()
    except FileNotFoundError:
        place.link_key.write_text(secrets.token_hex(16))
        return place.link_key.read_text()


def token(key: str, path: str, expires: int) -> str:
    digest = hmac.digest(key.encode(), f"{path}?e={expires}".encode(), "sha256")
    return f"demo:{urlsafe_b64encode(digest).decode()}"


def is_refused(place: Place, path: str, query: str, now: float) -> bool:
    """Whether this is a signed link that is past its time, or that was signed with another key."""
    fields = parse_qs(query)
    if "e" not in fields:
        return False
    try:
        expires = int(fields["e"][0])
        expected = token(place.link_key.read_text(), path, expires)
    except (ValueError, FileNotFoundError):
        return True
    return expires < now or not hmac.compare_digest(expected.encode(), fields.get("token", [""])[0].encode())
