"""The host's broker looked at: its queues on Redis, of Celery or RQ, or on a server that speaks AMQP."""

from __future__ import annotations

import time
from collections.abc import Mapping
from functools import partial
from typing import Any

from diagnostics.probes.parts import amqp_queues, redis_queues, rq_queues
from diagnostics.probes.parts.redis_talk import look_at
from diagnostics.probes.parts.server_address import NoAnswer, address_of
from diagnostics.probes.parts.told import PartTold

ON_REDIS = {"celery": redis_queues.look, "rq": rq_queues.look}
USUAL_QUEUE = {"celery": "celery", "rq": "default"}


def look(how: Mapping[str, Any], seconds: float) -> PartTold:
    """Look at `how["queues"]` of `how["kind"]` on the broker at `how["url"]` within so many seconds."""
    deadline = time.monotonic() + seconds
    queues = how.get("queues") or [USUAL_QUEUE[how["kind"]]]
    try:
        address = address_of(how["url"])
    except NoAnswer as error:
        return error.told()
    if address.scheme in {"amqp", "amqps"}:
        return amqp_queues.look(address, queues, deadline)
    return look_at(address, deadline, partial(ON_REDIS[how["kind"]], queues=queues))
