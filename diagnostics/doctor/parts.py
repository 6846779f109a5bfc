"""The host's parts that the settings switch on: each is asked once, as the worker asks it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from diagnostics.doctor.check import Check, error, ok, unknown, warning
from diagnostics.domain.parts import BROKER, CACHE, DATABASE, ENGINE, MOUNT, PARTS
from diagnostics.domain.wording.formatting import safe
from diagnostics.domain.wording.parts import problem_sentence
from diagnostics.parts import ask_all, questions
from diagnostics.probes.parts.told import PartTold

MOST_CHARACTERS = 160
ADVICE = {
    ENGINE: "Run ENGINE_COMMAND by hand, as the worker's user and in an empty environment.",
    DATABASE: "Look at the host's database; the login needs the right to see the locks of others.",
    CACHE: "Look at the cache, and hold HOST_CACHE_URL against the host's own settings.",
    BROKER: "Look at the broker and its workers, and hold HOST_BROKER_URL and HOST_QUEUES against the host's settings.",
    MOUNT: "Look at the mount of the audio root and at the server behind it.",
}
# What our own settings or rights cause is told as such, however the part stands.
OF_SETTINGS = {
    "bad_address": "Mend the address in the settings; write special characters of the password as %XX.",
    "no_name": "Mend the name in the settings, or this machine's name service.",
    "not_found": "Mend ENGINE_COMMAND: it has to name a program by its whole path, for it is run in /.",
}


def check_parts(_now: datetime) -> Iterator[Check]:
    told = ask_all(questions())
    for part in PARTS:
        if part in told:
            yield _check(part, told[part])


def _check(part: str, told: PartTold) -> Check:
    name, sentence = f"part.{part}", problem_sentence(part, told.state, told.problem, "en")
    said = safe(told.detail, MOST_CHARACTERS)
    advice = OF_SETTINGS.get(told.problem, ADVICE[part])
    if told.state == "up":
        return ok(name, f"works ({said})" if said else "works")
    value = f"{sentence} ({said})" if said else sentence
    judged = {"down": error, "impaired": warning}.get(told.state, unknown)
    return judged(name, value, advice)
