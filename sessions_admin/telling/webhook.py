"""The host told by a signed webhook: one POST a session, some of them at a time."""

from __future__ import annotations

import ipaddress
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC
from http import HTTPStatus

from django.conf import settings

from diagnostics.domain.wording.formatting import safe
from diagnostics.probes.web import Answer, NoAnswer
from diagnostics.probes.webhook import post
from sessions_admin.models import Telling
from sessions_admin.telling.reply import LONGEST_ERROR, Reply, told_id

SECONDS = 5.0
AT_ONCE = 4
# Refusals that tell of the moment, not of the message.
PASSING = {HTTPStatus.REQUEST_TIMEOUT, HTTPStatus.TOO_EARLY, HTTPStatus.TOO_MANY_REQUESTS}


def send(tellings: Sequence[Telling]) -> list[Reply]:
    """Tell of each, and return what came of it, in order."""
    with ThreadPoolExecutor(min(AT_ONCE, len(tellings))) as threads:
        return list(threads.map(_sent, tellings))


def _sent(telling: Telling) -> Reply:
    networks = tuple(ipaddress.ip_network(text) for text in settings.DELIVERY_NETWORKS)
    try:
        answer = post(
            settings.HOST_WEBHOOK_URL, settings.HOST_WEBHOOK_SECRET, event_of(telling), seconds=SECONDS, networks=networks
        )  # fmt: skip
    except NoAnswer as silence:
        return Reply(safe(str(silence), LONGEST_ERROR))
    return _judged(answer)


def event_of(telling: Telling) -> dict[str, object]:
    return {
        "event": "session.pending",
        "id": telling.key,
        "session_id": told_id(telling.session),
        "action": telling.action,
        "at": telling.made_at.astimezone(UTC).isoformat(timespec="seconds"),
    }


def _judged(answer: Answer) -> Reply:
    if 200 <= answer.status < 300:
        return Reply()
    said = safe(answer.body.decode("utf-8", "replace"), LONGEST_ERROR)
    is_refused = 300 <= answer.status < 500 and answer.status not in PASSING
    return Reply(f"HTTP {answer.status}: {said}" if said else f"HTTP {answer.status}", is_refused=is_refused)
