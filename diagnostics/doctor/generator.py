"""The generator's processes: does GENERATOR_PROCESS find any, so that one that is gone can be told from a wrong pattern."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from django.conf import settings

from diagnostics import generators
from diagnostics.doctor.check import Check, ok, unknown, warning

NAME = "generator.processes"
SECONDS = 5.0
SHOWN = 5
ADVICE = (
    "Start the generator, or mend GENERATOR_PROCESS; leave it empty where the generator runs on another machine or in "
    "another container. As it is, every generation that stands still is called crashed."
)


def check_generator(now: datetime) -> Iterator[Check]:
    if not settings.GENERATOR_PROCESS:
        return
    facts = generators.look(now, seconds=SECONDS)
    if facts.problem:
        yield unknown(NAME, f"the process list could not be read ({facts.problem})")
    elif not facts.alive:
        yield warning(NAME, "none alive", ADVICE)
    else:
        named = ", ".join(f"{one.pid} {one.name}" for one in facts.alive[:SHOWN])
        yield ok(NAME, f"{len(facts.alive)} alive: {named}")
