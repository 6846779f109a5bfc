"""Checks a set-up as an operator would: settings, the host, its audio, this machine's clock, the dashboard itself."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime

from django.conf import settings as all_settings  # doctor.settings has that name here
from django.utils.module_loading import import_string

from diagnostics.doctor.alerts import check_alerts
from diagnostics.doctor.audio import check_audio
from diagnostics.doctor.check import Check, Result, error
from diagnostics.doctor.clock import check_clock
from diagnostics.doctor.generator import check_generator
from diagnostics.doctor.host import check_host
from diagnostics.doctor.host_api import check_host_api
from diagnostics.doctor.own import check_own_database
from diagnostics.doctor.parts import check_parts
from diagnostics.doctor.pickup import check_pickup
from diagnostics.doctor.settings import check_settings
from diagnostics.doctor.work import check_work
from diagnostics.doctor.write_grant import check_write_grant

__all__ = ["CHECKS", "Check", "Result", "run_checks"]

Family = Callable[[datetime], Iterator[Check]]

# In the order in which one thing rests on another.
CHECKS: tuple[Family, ...] = (
    check_settings,
    check_host,
    check_host_api,
    check_write_grant,
    check_audio,
    check_generator,
    check_parts,
    check_pickup,
    check_clock,
    check_own_database,
    check_work,
    check_alerts,
)


def run_checks(now: datetime) -> Iterator[Check]:
    """Yield every check. A family that breaks is an error of its own, and the others still answer."""
    for family in (*CHECKS, *map(import_string, all_settings.FURTHER_CHECKS)):
        try:
            yield from family(now)
        except Exception as problem:
            name = family.__name__.removeprefix("check_")
            advice = "This check itself failed: see the other lines first, then report it with this text."
            yield error(name, f"{type(problem).__name__}: {str(problem).partition(chr(10))[0][:200]}", advice)
