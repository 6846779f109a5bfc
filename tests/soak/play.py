"""Plays rounds in a dashboard of its own: `python -m tests.soak.play FOLDER ROUNDS SESSIONS MINUTES SEED` (tests.soak)."""

from __future__ import annotations

import logging
import random
import sys
import time
from pathlib import Path

import django

django.setup()

from django.conf import settings  # noqa: E402  after the set-up
from django.contrib.auth.models import User  # noqa: E402
from django.core.management import call_command  # noqa: E402

from tests.host_database import HostDatabase  # noqa: E402
from tests.soak.rounds import Scene, Told, play  # noqa: E402

SHOWN = 20


def main(folder: Path, rounds: int, sessions: int, minutes: float, seed: int) -> int:
    logging.getLogger("sessions_admin").setLevel(logging.ERROR)
    scene, told, begun = prepared(folder, seed), Told(), time.monotonic()
    while told.rounds < rounds and not told.wrong and time.monotonic() - begun < 60 * minutes:
        play(scene, sessions, told)
        if told.rounds % 10 == 0:
            print(f"  {line(told, scene, begun)}", file=sys.stderr, flush=True)
    print("\n".join(told.wrong[:SHOWN]), end="\n" if told.wrong else "")
    print(line(told, scene, begun))
    return 1 if told.wrong else 0


def line(told: Told, scene: Scene, begun: float) -> str:
    return (
        f"rounds: {told.rounds}, sessions: {told.sessions}, resets: {told.resets}, left alone: {told.left_alone}, "
        f"taken: {told.taken}, twice: {told.twice}, errors: {len(told.wrong)}, "
        f"time: {time.monotonic() - begun:.0f} s, on {scene.host.engine}"
    )


def prepared(folder: Path, seed: int) -> Scene:
    call_command("migrate", verbosity=0)
    url = settings.HOST_DATABASE_URL
    engine = {"postgres": "postgresql"}.get(url.partition(":")[0], url.partition(":")[0])
    eve, ada, sam = (User.objects.create_superuser(name) for name in ("eve", "ada", "sam"))
    return Scene(folder, HostDatabase(url, engine), eve, ada, sam, random.Random(seed))


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]), float(sys.argv[4]), int(sys.argv[5])))
