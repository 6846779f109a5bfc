"""Tells a web server of something by a signed POST: JSON, with the time and an HMAC over time and body in a header."""

from __future__ import annotations

import hashlib
import hmac
import json
import time
from collections.abc import Mapping, Sequence

from diagnostics.probes.web import Answer, Network, NoAnswer, ask

SIGNATURE, IDEMPOTENCY = "Webhook-Signature", "Idempotency-Key"
MOST_BYTES = 2_000  # of an answer: enough to quote its beginning


def post(url: str, secret: str, event: Mapping[str, object], *, seconds: float, networks: Sequence[Network]) -> Answer:
    """Send an event, whose `id` is the key by which a receiver knows it again. Raises NoAnswer.

    No redirect is followed: the answer is whatever came. One that breaks off behind its status counts as well.
    """
    body = json.dumps(event, ensure_ascii=True, separators=(",", ":")).encode()
    headers = {
        "Content-Type": "application/json",
        SIGNATURE: signature(secret, body, int(time.time())),
        IDEMPOTENCY: str(event.get("id", "")),
    }
    try:
        return ask(url, body=body, seconds=seconds, headers=headers, most_bytes=MOST_BYTES, networks=networks)
    except NoAnswer as silence:
        if silence.answer is None:
            raise
        return silence.answer


def signature(secret: str, body: bytes, at: int) -> str:
    """Return the header's value: the Unix time, and HMAC-SHA256 in hexadecimal over `time.body`."""
    mac = hmac.new(secret.encode(), f"{at}.".encode() + body, hashlib.sha256)
    return f"t={at},v1={mac.hexdigest()}"
