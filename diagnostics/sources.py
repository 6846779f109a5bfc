"""What the settings say of the host: its table, its audio store, and the limits that the rules read."""

from __future__ import annotations

import math
import os
from zoneinfo import ZoneInfo

from django.conf import settings

from diagnostics.domain.facts import Limits
from diagnostics.domain.paths import StoreLayout
from diagnostics.host import HostSource


def host_source(*, timeout_seconds: float | None = None, total_seconds: float = math.inf) -> HostSource:
    return HostSource(
        url=settings.HOST_DATABASE_URL,
        table=settings.HOST_SESSION_TABLE,
        columns=settings.HOST_COLUMNS,
        zone=host_zone(),
        timeout_seconds=timeout_seconds or settings.HOST_QUERY_SECONDS,
        total_seconds=total_seconds,
    )


def host_zone() -> ZoneInfo:
    return ZoneInfo(settings.HOST_TIME_ZONE)


def store_layout() -> StoreLayout:
    roots = tuple(root for root in (settings.AUDIO_ROOT, *settings.HOST_AUDIO_ROOTS) if root)
    return StoreLayout(roots, settings.AUDIO_URL_PREFIX, settings.PUBLIC_BASE_URL, tuple(settings.DELIVERY_HOSTS))


def audio_root() -> str:
    """Return the audio root as a real path, or '' where none is configured."""
    return os.path.realpath(settings.AUDIO_ROOT) if settings.AUDIO_ROOT else ""


def limits() -> Limits:
    found: Limits = settings.LIMITS
    return found


def unlisted_folders() -> tuple[str, ...]:
    """Folders below the audio root that are ours, not the host's: the quarantine, also where a link leads to the root."""
    configured, above = settings.QUARANTINE_ROOT, settings.AUDIO_ROOT.rstrip("/")
    if not configured:
        return ()
    if not (above and configured.startswith(f"{above}/")):
        return (configured,)
    return tuple(dict.fromkeys((configured, audio_root() + configured[len(above) :])))
