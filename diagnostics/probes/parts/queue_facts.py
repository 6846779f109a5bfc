"""What was seen of the queues of one broker, and what it comes to."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from diagnostics.probes.parts.told import PartTold

HEAD_DIGITS = 12


@dataclass(frozen=True, slots=True)
class QueueFacts:
    """One queue; None where the broker does not tell. `head` stands for the message that is taken next, and tells nothing of it."""

    name: str
    length: int | None = None
    consumers: int | None = None
    problem: str = ""
    head: str = ""
    oldest_seconds: float | None = None

    @property
    def is_left_alone(self) -> bool:
        return bool(self.length) and self.consumers == 0


def head_of(identity: bytes | str) -> str:
    """Return a short sign by which a message is known again, and nothing else."""
    data = identity if isinstance(identity, bytes) else identity.encode(errors="replace")
    return hashlib.sha256(data).hexdigest()[:HEAD_DIGITS]


def told_of(queues: Sequence[QueueFacts], problem: str, **values: float | str | None) -> PartTold:
    """What queues come to, beside a problem of the broker itself, which comes first, and what else was measured."""
    problem, detail = (problem, "") if problem else _problem_of(queues)
    ages = [queue.oldest_seconds for queue in queues if queue.oldest_seconds is not None]
    lengths = [queue.length for queue in queues if queue.length is not None]
    measured = {
        "queue_length": sum(lengths) if lengths else None,
        "queues": ", ".join(f"{queue.name}: {'?' if queue.length is None else queue.length}" for queue in queues),
        "head": ", ".join(f"{queue.name}: {queue.head}" for queue in queues if queue.head) or None,
        "oldest_seconds": max(ages, default=None),
    }
    return PartTold("impaired" if problem else "up", problem, detail, {**measured, **values})


def _problem_of(queues: Sequence[QueueFacts]) -> tuple[str, str]:
    for problem in (queue.problem for queue in queues if queue.problem):
        return problem, _names(queue for queue in queues if queue.problem == problem)
    alone = _names(queue for queue in queues if queue.is_left_alone)
    return ("no_consumers", alone) if alone else ("", "")


def _names(queues: Iterable[QueueFacts]) -> str:
    return ", ".join(queue.name for queue in queues)
