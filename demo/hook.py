"""The host told of a pending session, where its worker does not poll: a signed webhook, and the notes that it leaves.

With DEMO_WEBHOOK_SECRET set, the worker takes only what it was told of. A note is a file of the session's name in the control
folder; it goes when the worker has taken the session, or found that it does not wait any more.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import os
import time
from collections.abc import Iterator
from http import HTTPStatus

from demo.place import Place

PATH = "/hooks/sessions"
LONGEST_BODY_BYTES = 65_536
OLDEST_SECONDS = 300


def secret() -> str:
    """'' where the worker polls its table."""
    return os.environ.get("DEMO_WEBHOOK_SECRET", "")


def announce(place: Place, session_id: int) -> None:
    """Tell the worker, as the host's own create call does; where it polls, it needs no telling."""
    if secret():
        place.told(session_id).touch()


def told(place: Place) -> Iterator[int]:
    """The sessions that the worker was told of, in the order of telling."""
    notes = {path: path.stat().st_mtime_ns for path in place.control.glob("told_*")}
    for path in sorted(notes, key=lambda path: (notes[path], path.name)):
        yield int(path.name.removeprefix("told_"))


def take_in(place: Place, signature: str, body: bytes) -> tuple[HTTPStatus, str]:
    """Status and words for what was posted; told twice is noted once, and taken once."""
    if not secret():
        return HTTPStatus.NOT_FOUND, "this host polls"
    if not is_genuine(signature, body):
        return HTTPStatus.UNAUTHORIZED, "the signature is wrong, or too old"
    try:
        event = json.loads(body)
        if event["event"] == "session.pending":
            place.told(int(event["session_id"])).touch()
    except (ValueError, TypeError, KeyError):
        return HTTPStatus.BAD_REQUEST, "this is no event"
    return HTTPStatus.ACCEPTED, "noted"


def is_genuine(signature: str, body: bytes) -> bool:
    try:
        parts = dict(part.split("=", 1) for part in signature.split(","))
        is_fresh = abs(time.time() - int(parts["t"])) <= OLDEST_SECONDS
    except (ValueError, KeyError):
        return False
    expected = hmac.new(secret().encode(), parts["t"].encode() + b"." + body, hashlib.sha256).hexdigest()
    return is_fresh and hmac.compare_digest(expected, parts.get("v1", ""))
