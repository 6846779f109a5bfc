"""The states, by the chapter of the catalogue that decides them."""

from __future__ import annotations

from tests.corpus.labels import State
from tests.corpus.states import (
    clients,
    file_content,
    file_gone,
    generation,
    generation_samples,
    generation_texts,
    healthy,
    host_tables,
    links,
    nothing_wrong,
    paths,
    readers,
    records,
    removals,
    requests,
    silence,
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
    *readers.STATES,
    *file_content.STATES,
    *silence.STATES,
    *generation.STATES,
    *generation_texts.STATES,
    *generation_samples.STATES,
    *waiting.STATES,
    *workers.STATES,
    *links.STATES,
    *requests.STATES,
    *clients.STATES,
    *removals.STATES,
    *host_tables.STATES,
)
