"""One recurring task: what to call and how often. `config/schedule.py` lists them all."""

from __future__ import annotations

import inspect
import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.utils import timezone
from django.utils.module_loading import import_string


@dataclass(frozen=True, slots=True)
class Recurring:
    """A task. Those of one `lane` run one after the other; lanes run side by side.

    The function, given by its dotted path, is handed what its parameters name: `now` (aware) and `stop` (an event that
    is set when the work should end early).
    """

    name: str
    function: str
    every_seconds: float
    lane: str

    def call(self, stop: threading.Event) -> None:
        function: Callable[..., object] = import_string(self.function)
        offered: dict[str, Any] = {"now": timezone.now(), "stop": stop}
        wanted = inspect.signature(function).parameters
        function(**{name: value for name, value in offered.items() if name in wanted})


def schedule() -> tuple[Recurring, ...]:
    """Return the list that the setting SCHEDULE names."""
    found: tuple[Recurring, ...] = import_string(settings.SCHEDULE)
    return found
