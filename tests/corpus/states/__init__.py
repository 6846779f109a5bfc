"""The states, by the chapter of the catalogue that decides them."""

from __future__ import annotations

from tests.corpus.labels import State
from tests.corpus.states import (
    file_content,
    file_gone,
    generation,
    healthy,
    host_tables,
    links,
    nothing_wrong,
    paths,
    records,
    storage,
    waiting,
    workers,
)

STATES: tuple[State, ...] = (
    *nothing_wrong.STATES,
    *healthy.STATES,
    *storage.STATES,
    *records.STATES,
    *paths.STATES,
    *file_gone.STATES,
    *file_content.STATES,
    *generation.STATES,
    *waiting.STATES,
    *workers.STATES,
    *links.STATES,
    *host_tables.STATES,
)
