"""Every state of the corpus is called what causes.md calls it: in the index, in its document, and live."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.corpus.labels import Label, State
from tests.corpus.laboratory import Laboratory, Seen
from tests.corpus.states import STATES

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("state", STATES, ids=lambda state: state.name)
def test_it_is_called_by_its_name(state: State, laboratory: Laboratory) -> None:
    outcome = laboratory(state.world)
    seen = {"index": outcome.index, "document": outcome.documents, "live": outcome.live}
    labels = {"index": _as_stored(state.label), "document": state.label, "live": state.label}
    wrong = [f"{way}: {line}" for way in seen for line in _differences(labels[way], seen[way][state.name])]
    if wrong:
        pytest.fail("\n".join([state.words, *wrong]), pytrace=False)


def _as_stored(label: Label) -> Label:
    """An unavailable store stands above the whole pass: it is the index's cause, and no finding is stored of each row."""
    return replace(label, findings=label.findings - {"storage.unavailable"})


def _differences(label: Label, seen: Seen) -> list[str]:
    """Return what was seen otherwise than the label says; a label without a confidence takes any."""
    pairs = {
        "verdict": (seen.verdict, label.verdict),
        "state": (seen.state, label.state),
        "cause": (seen.cause, label.cause),
        "findings": (sorted(seen.findings), sorted(label.findings)),
        "confidence": (seen.confidence, label.confidence or seen.confidence),
    }
    return [f"{name} is {found}, not {wanted}" for name, (found, wanted) in pairs.items() if found != wanted]


def test_no_file_of_a_state_is_told_as_a_stray_as_well(laboratory: Laboratory) -> None:
    """One finding, never a missing file and an orphan: all files here belong to sessions, or a state says otherwise."""
    strays = {
        world.name: laboratory(world).strays for world in {state.world.name: state.world for state in STATES}.values()
    }
    assert {name: found for name, found in strays.items() if found} == {}


def test_it_is_large_and_its_names_are_its_own() -> None:
    names = [state.name for state in STATES]
    assert len(names) >= 300
    assert len(names) == len(set(names))


def test_every_label_quotes_its_words() -> None:
    assert all(state.words for state in STATES)
