"""A question asked in a thread of its own while others are asked; whoever waits for it waits no longer than told."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from typing import Generic, TypeVar

Answer = TypeVar("Answer")


class Aside(Generic[Answer]):
    """Asks at once. The question bounds itself; it may not use our own database, whose connections are a thread's own."""

    def __init__(self, question: Callable[[], Answer]) -> None:
        self._answer: Answer | None = None
        self._question = question
        self._thread = threading.Thread(target=self._ask, daemon=True)
        self._thread.start()

    def answer(self, seconds: float) -> Answer | None:
        """Return the answer; None where it did not come in time, or the question failed, which the log tells."""
        self._thread.join(max(0.0, seconds))
        return self._answer

    def _ask(self) -> None:
        try:
            self._answer = self._question()
        except Exception:
            logging.getLogger(__name__).exception("a question aside failed")
