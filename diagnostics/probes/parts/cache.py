"""The host's cache looked at: whether it answers and takes writes, and how full it is."""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import Any

from diagnostics.probes.parts.redis_health import health
from diagnostics.probes.parts.redis_talk import Talk, look_at
from diagnostics.probes.parts.server_address import NoAnswer, address_of
from diagnostics.probes.parts.told import PartTold


def look(how: Mapping[str, Any], seconds: float) -> PartTold:
    """Look at the cache at `how["url"]` within so many seconds."""
    deadline = time.monotonic() + seconds
    try:
        return look_at(address_of(how["url"]), deadline, _told)
    except NoAnswer as error:
        return error.told()


def _told(speaking: Talk) -> PartTold:
    problem, values = health(speaking)
    return PartTold("impaired" if problem else "up", problem, values=values)
