"""The laboratory of the corpus: each world is built and passed over once, when its first state is asked for."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from django.db import transaction

from tests.corpus.labels import World
from tests.corpus.laboratory import Laboratory, Outcome, outcome_of
from tests.corpus.states import STATES


@pytest.fixture(scope="module")
def laboratory() -> Laboratory:
    """Give the outcome of a world; what it wrote to the database is gone again."""
    outcomes: dict[str, Outcome | Exception] = {}

    def of(world: World) -> Outcome:
        if world.name not in outcomes:
            outcomes[world.name] = _made(world)
        outcome = outcomes[world.name]
        if isinstance(outcome, Exception):  # kept as well: a pass that fails is not tried again for every state
            raise outcome
        return outcome

    return of


def _made(world: World) -> Outcome | Exception:
    states = [state for state in STATES if state.world.name == world.name]
    with _open_folder() as folder, transaction.atomic():
        try:
            return outcome_of(world, states, folder)
        except Exception as error:
            return error
        finally:
            transaction.set_rollback(True)


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """A folder for a world that one test alone builds."""
    with _open_folder() as folder:
        yield folder


@contextmanager
def _open_folder() -> Iterator[Path]:
    """A folder that an unprivileged process can reach, too: pytest's own is closed to others."""
    with tempfile.TemporaryDirectory() as name:
        Path(name).chmod(0o755)
        yield Path(name)
