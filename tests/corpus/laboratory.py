"""Runs a world of states through the real thing: passes over a real table and folder, and each session live."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, cast

from django.conf import settings
from django.test import override_settings

from diagnostics.examine import examine
from diagnostics.models import Finding, SessionEntry
from diagnostics.reconcile import run_pass
from tests.another_user import as_nobody
from tests.corpus.labels import State, World
from tests.corpus.world import COLUMNS, EARLIER, HOST_ROOT, NOW, ORIGIN, PREFIX, Case, Host


@dataclass(frozen=True, slots=True)
class Seen:
    """One session as the product sees it, by one of its three ways."""

    verdict: str
    state: str
    cause: str | None
    findings: frozenset[str]
    confidence: str


@dataclass(slots=True)
class Outcome:
    """A world after its last pass: each state's session in the index, as a document, and live; the files' findings."""

    index: dict[str, Seen] = field(default_factory=dict)
    documents: dict[str, Seen] = field(default_factory=dict)
    live: dict[str, Seen] = field(default_factory=dict)
    strays: dict[str, str] = field(default_factory=dict)
    conditions: list[str] = field(default_factory=list)


def outcome_of(world: World, states: Sequence[State], folder: Path) -> Outcome:
    """Build the states of one world, let two passes see them, and return what they made of it."""
    host = Host(folder, world.columns or COLUMNS)
    (host.root / "readme.txt").write_text("a foreign file, so that the folder is never empty")
    with override_settings(**_settings(world, host)), world.company() if world.company else nullcontext():
        cases = {state.name: _case(world, host, number) for number, state in enumerate(states)}
        _build(world, host, states, cases)
        return _looked_at(world, cases)


def _settings(world: World, host: Host) -> dict[str, Any]:
    common = {
        "HOST_DATABASE_URL": f"sqlite:///{host.database}",
        "HOST_TIME_ZONE": "Asia/Shanghai",
        "AUDIO_ROOT": str(host.root),
        "AUDIO_URL_PREFIX": PREFIX,
        "HOST_AUDIO_ROOTS": [HOST_ROOT],
        "PUBLIC_BASE_URL": ORIGIN,
        "DELIVERY_HOSTS": ["media.example.cn"],
        "QUARANTINE_ROOT": str(host.root / "quarantine"),
    }
    own = dict(world.settings)
    if "LIMITS" in own:
        own["LIMITS"] = replace(settings.LIMITS, **own["LIMITS"])
    return {**common, **own}


def _case(world: World, host: Host, number: int) -> Case:
    key = f"night_{number}" if world.name == "string_ids" else 1001 + number
    return Case(host, key, dict(world.settings).get("HOST_COLUMNS", {}))


def _build(world: World, host: Host, states: Sequence[State], cases: dict[str, Case]) -> None:
    """Write rows and files in the order of time, with the earlier pass between what it saw and what came later."""
    in_steps = [state for state in states if inspect.isgeneratorfunction(state.build)]
    begun = [cast("Iterator[None]", state.build(cases[state.name])) for state in in_steps]
    for steps in begun:
        next(steps)
    with _privileges(world):
        run_pass(clock=lambda: EARLIER)
    for steps in begun:
        next(steps, None)
    for state in states:
        if state not in in_steps:
            state.build(cases[state.name])
    if world.prepare:
        world.prepare(Case(host, 0))


def _looked_at(world: World, cases: dict[str, Case]) -> Outcome:
    outcome = Outcome()
    documents: dict[object, dict[str, Any]] = {}
    with _privileges(world):
        last = run_pass(clock=lambda: NOW)
        outcome.conditions = [condition["code"] for condition in last.conditions]
        outcome.index = {name: _indexed(case) for name, case in cases.items()}
        run_pass(clock=lambda: NOW, everything=True, sink=lambda line: documents.update({_line_key(line): line}))
        outcome.live = {name: _examined(case) for name, case in cases.items()}
    outcome.documents = {name: _of_document(documents[case.key]) for name, case in cases.items()}
    outcome.strays = {str(line["path"]): line["cause"] for line in documents.values() if "path" in line}
    return outcome


def _line_key(line: dict[str, Any]) -> object:
    return line["session_id"] if "session_id" in line else ("file", line["path"])


def _indexed(case: Case) -> Seen:
    entry = SessionEntry.objects.get(key=str(case.key))
    codes = Finding.objects.filter(session=entry, resolved_at=None).values_list("code", flat=True)
    return Seen(entry.verdict, entry.state, entry.cause or None, frozenset(codes), entry.confidence)


def _of_document(document: dict[str, Any]) -> Seen:
    codes = frozenset(finding["code"] for finding in document["findings"])
    return Seen(document["verdict"], document["state"], document["cause"], codes, document["confidence"])


def _examined(case: Case) -> Seen:
    found = examine(str(case.key), clock=lambda: NOW)
    assert found.diagnosis is not None, found.problems
    diagnosis = found.diagnosis
    codes = frozenset(finding.code for finding in diagnosis.findings)
    return Seen(str(diagnosis.verdict), str(diagnosis.state), diagnosis.cause, codes, str(diagnosis.confidence))


@contextmanager
def _privileges(world: World) -> Iterator[None]:
    """Give up root's rights where the world asks for it."""
    with as_nobody() if world.is_unprivileged else nullcontext():
        yield


Laboratory = Callable[[World], Outcome]
