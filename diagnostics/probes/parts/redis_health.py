"""What a Redis server tells of itself: whether it takes writes, what of its memory is used."""

from __future__ import annotations

from collections.abc import Mapping

from diagnostics.probes.parts.redis_talk import Talk, info_of
from diagnostics.probes.parts.server_address import NoAnswer

Values = Mapping[str, float | str | None]


def health(speaking: Talk) -> tuple[str, Values]:
    """Return what is wrong ("" for nothing) and what was measured. Raises RedisError where it refuses a PING, NoAnswer.

    A server that cannot save its data answers a PING with MISCONF, one that still reads it with LOADING.
    """
    if speaking.ask_one("PING") != b"PONG":
        raise NoAnswer("protocol", "it does not answer a PING with PONG")
    (reply,) = speaking.ask(("INFO",))
    info = info_of(reply)
    return _problem(info), _values(info)


def _problem(info: Mapping[str, str]) -> str:
    if info.get("role") == "slave" and info.get("slave_read_only") == "1":
        return "read_only"
    limit = _number(info, "maxmemory")
    if not limit or info.get("maxmemory_policy") != "noeviction":
        return ""
    counted = (_number(info, "used_memory") or 0) - (_number(info, "mem_not_counted_for_evict") or 0)
    return "full" if counted >= limit else ""


def _values(info: Mapping[str, str]) -> Values:
    return {
        "used_memory_bytes": _number(info, "used_memory"),
        "max_memory_bytes": _number(info, "maxmemory") or None,  # 0 is no limit
        "evicted_keys": _number(info, "evicted_keys"),
        "connected_clients": _number(info, "connected_clients"),
        "uptime_seconds": _number(info, "uptime_in_seconds"),
        "version": info.get("redis_version"),
    }


def _number(info: Mapping[str, str], name: str) -> int | None:
    value = info.get(name, "")
    return int(value) if value.isascii() and value.isdecimal() else None
