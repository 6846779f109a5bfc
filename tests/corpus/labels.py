"""What a state of the corpus is: how it is built, what it must be called, and the words that say so."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from typing import Any

from tests.corpus.world import Case

Build = Callable[[Case], object]


@dataclass(frozen=True, slots=True)
class Label:
    """The diagnosis that the catalogue's words give: `findings` is the exact set of codes."""

    verdict: str
    state: str
    cause: str | None
    findings: frozenset[str]
    confidence: str | None = None


@dataclass(frozen=True, slots=True)
class World:
    """Which settings, table and privileges a group of states shares; states of different names never meet."""

    name: str = "shared"
    settings: tuple[tuple[str, Any], ...] = ()
    columns: str | None = None
    is_unprivileged: bool = False
    prepare: Callable[[Case], object] | None = None  # what befalls the store before the last pass
    company: Callable[[], AbstractContextManager[object]] | None = None  # which processes run meanwhile


@dataclass(frozen=True, slots=True)
class State:
    """One state. A `build` that is a generator yields where an earlier pass runs, an hour before the last one."""

    name: str
    build: Build
    label: Label
    words: str
    world: World = field(default_factory=World)


def alone(name: str, **settings: object) -> World:
    """A world of its own: for what depends on the queue or on the store as a whole."""
    return World(name, tuple(settings.items()))


def broken(*codes: str, confidence: str | None = None) -> Label:
    return Label("broken", "faulty", codes[0], frozenset(codes), confidence)


def failed(*codes: str, confidence: str | None = None) -> Label:
    return Label("broken", "failed", codes[0], frozenset(codes), confidence)


def unknown(*codes: str) -> Label:
    return Label("unknown", "faulty", codes[0], frozenset(codes))


def noticed(*codes: str) -> Label:
    """Worth mending, nothing broken: the user hears it."""
    return Label("playable", "ok", codes[0], frozenset(codes))


def not_ready(state: str, *codes: str) -> Label:
    return Label("not_ready", state, codes[0] if codes else None, frozenset(codes))


OK = Label("playable", "ok", None, frozenset())
WAITING = not_ready("waiting")
GENERATING = not_ready("generating")
SETTLING = not_ready("settling")
EXPIRED = Label("expired", "expired", None, frozenset())
