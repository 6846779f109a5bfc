"""The users of the demo host: a dozen people who ask for a piece now and then."""

from __future__ import annotations

import random
import sqlite3
import sys
from dataclasses import dataclass

from demo import availability, clock, hook, table
from demo.place import Place

# Who asks, and how often compared with the others.
USERS = {1003: 9, 1007: 7, 1011: 7, 1016: 6, 1024: 5, 1031: 5, 1042: 4, 1058: 3, 1063: 3, 1077: 2, 1085: 2, 1099: 1}
MINUTES = (1, 1, 1, 2, 3)


@dataclass(slots=True)
class Requester:
    """Asks for a new session about every `rate_seconds`, until `left` have been asked for."""

    place: Place
    rate_seconds: float
    left: int
    due: float

    def ask_when_due(self, monotonic: float) -> None:
        if self.rate_seconds <= 0 or self.left <= 0 or monotonic < self.due:
            return
        self.due = monotonic + random.uniform(0.7, 1.3) * self.rate_seconds
        if self.place.requests_held.exists() or availability.paused(self.place):
            return
        try:
            with table.writing(self.place) as db:
                session_id = table.insert(db, table.as_requested(any_request(random.Random()), clock.now()))
            hook.announce(self.place, session_id)
            self.left -= 1
        except sqlite3.Error as error:
            print(f"demo: no new session could be asked for: {error}", file=sys.stderr, flush=True)


def any_request(chance: random.Random) -> table.Request:
    user_id = chance.choices(list(USERS), list(USERS.values()))[0]
    mode = "comprehensive" if chance.random() < 0.8 else "single"
    return table.Request(user_id, any_assessment(chance), chance.choice(MINUTES), chance.choice((0, 0, 1, 2, 3)), mode)


def any_assessment(chance: random.Random) -> int:
    """Each request is of an assessment of its own: who asks again for the same one is a fault of its own."""
    return chance.randrange(3000, 9000)
