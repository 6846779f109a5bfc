"""How the host's worker learns of a reset: does HOST_PICKUP's receiver answer a ping, or its broker take tasks for a worker."""

from __future__ import annotations

import ipaddress
import uuid
from collections.abc import Iterator
from datetime import UTC, datetime

from django.conf import settings

from diagnostics.doctor.check import Check, error, ok, unknown, warning
from diagnostics.doctor.host_api import ADVICE as OF_WEB
from diagnostics.domain.parts import BROKER
from diagnostics.domain.wording.formatting import safe
from diagnostics.domain.wording.parts import problem_sentence
from diagnostics.parts import ask_all
from diagnostics.probes.parts.told import PartQuestion, PartTold
from diagnostics.probes.web import NoAnswer
from diagnostics.probes.webhook import post

NAME = "host.pickup"
SECONDS = 5.0
MOST_CHARACTERS = 160
NEEDED = {
    "webhook": ("HOST_WEBHOOK_URL", "HOST_WEBHOOK_SECRET"),
    "celery": ("HOST_CELERY_TASK", "HOST_BROKER_URL"),
}
PING = "The receiver should answer an event of the kind ping with 2xx, as it answers session.pending."
OF_STATUS = {
    401: "The receiver does not take the signature: give it the same HOST_WEBHOOK_SECRET, and set its clock right.",
    403: "The receiver does not take the signature, or not this machine: see HOST_WEBHOOK_SECRET.",
    404: "Nothing is there: set HOST_WEBHOOK_URL to the receiver's whole address.",
}
OF_PROBLEM = {
    "private_address": "The public name turns to a private address: name its network in DELIVERY_NETWORKS.",
    "bad_url": "HOST_WEBHOOK_URL has to be an address without a login in it.",
    "refused": "Nothing listens there: check host and port of HOST_WEBHOOK_URL, and that the receiver runs.",
    "no_name": "No address belongs to this name: check HOST_WEBHOOK_URL, and this machine's resolver.",
    "timeout": "It is slow or hangs: a receiver should note the session and answer at once.",
}
OF_WORKER = "Start a worker with -Q and this queue, and hold HOST_BROKER_URL and HOST_CELERY_QUEUE against the host's."


def check_pickup(_now: datetime) -> Iterator[Check]:
    needed = NEEDED.get(settings.HOST_PICKUP, ())
    missing = [name for name in needed if not getattr(settings, name)]
    if missing:
        yield error(NAME, f"{settings.HOST_PICKUP}, without {', '.join(missing)}", f"Set {' and '.join(missing)}.")
    elif settings.HOST_PICKUP == "webhook":
        yield _webhook()
    elif settings.HOST_PICKUP == "celery":
        yield _celery()


def _webhook() -> Check:
    """A ping, signed as everything that it is told."""
    networks = tuple(ipaddress.ip_network(text) for text in settings.DELIVERY_NETWORKS)
    ping = {"event": "ping", "id": uuid.uuid4().hex, "at": datetime.now(UTC).isoformat(timespec="seconds")}
    try:
        answer = post(
            settings.HOST_WEBHOOK_URL, settings.HOST_WEBHOOK_SECRET, ping, seconds=SECONDS, networks=networks
        )  # fmt: skip
    except NoAnswer as silence:
        advice = OF_PROBLEM.get(silence.problem) or OF_WEB.get(silence.problem, "Check that this machine may connect.")
        return error(NAME, f"webhook: {safe(str(silence), MOST_CHARACTERS)}", advice)
    if 200 <= answer.status < 300:
        return ok(NAME, f"webhook: the receiver answers a ping with {answer.status} in {answer.seconds * 1000:.0f} ms")
    return error(NAME, f"webhook: HTTP {answer.status} for a ping", OF_STATUS.get(answer.status, PING))


def _celery() -> Check:
    """The queue as the probe of the host's broker sees it; nothing is put there."""
    how = {"url": settings.HOST_BROKER_URL, "queues": [settings.HOST_CELERY_QUEUE], "kind": "celery"}
    told = ask_all([PartQuestion(BROKER, SECONDS, how)])[BROKER]
    named = f"celery: task {settings.HOST_CELERY_TASK}, queue {settings.HOST_CELERY_QUEUE}"
    return _judged(told, safe(named, MOST_CHARACTERS))


def _judged(told: PartTold, named: str) -> Check:
    if told.state == "up" and told.values.get("consumers") == 0:
        return warning(NAME, f"{named}: the broker answers, and no worker waits for tasks there", OF_WORKER)
    if told.state == "up":
        return ok(NAME, f"{named}: the broker takes tasks")
    said = safe(told.detail, MOST_CHARACTERS)
    sentence = problem_sentence(BROKER, told.state, told.problem, "en")
    value = f"{named}: {sentence} ({said})" if said else f"{named}: {sentence}"
    return {"down": error, "impaired": warning}.get(told.state, unknown)(NAME, value, OF_WORKER)
