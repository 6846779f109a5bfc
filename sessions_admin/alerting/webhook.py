"""A channel's webhook: one signed POST, and what its answer means."""

from __future__ import annotations

import ipaddress
from collections.abc import Mapping
from http import HTTPStatus

from django.conf import settings

from diagnostics.probes.web import Answer, NoAnswer
from diagnostics.probes.webhook import post
from sessions_admin.telling.reply import Reply

SECONDS = 10.0
# Refusals that tell of the moment, not of the message.
PASSING = {HTTPStatus.REQUEST_TIMEOUT, HTTPStatus.TOO_EARLY, HTTPStatus.TOO_MANY_REQUESTS}


def send(url: str, secret: str, event: Mapping[str, object]) -> Reply:
    networks = tuple(ipaddress.ip_network(text) for text in settings.DELIVERY_NETWORKS)
    try:
        return _judged(post(url, secret, event, seconds=SECONDS, networks=networks))
    except NoAnswer as silence:
        return Reply(str(silence), is_refused=silence.problem in ("bad_url", "private_address"))


def _judged(answer: Answer) -> Reply:
    if 200 <= answer.status < 300:
        return Reply()
    said = answer.body.decode("utf-8", "replace")
    is_refused = 300 <= answer.status < 500 and answer.status not in PASSING
    return Reply(f"HTTP {answer.status}: {said}" if said else f"HTTP {answer.status}", is_refused=is_refused)
