"""Several evaluators at the same moment, on each engine that may carry the dashboard: each thing happens once."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.alerts.racing import EVALUATORS, ROUNDS
from tests.host_database import ENGINES, made_on
from tests.reconcile.outside import said, started, surroundings


@pytest.mark.parametrize("engine", [pytest.param(engine, marks=pytest.mark.databases) for engine in ENGINES])
def test_of_several_evaluators_one_wins_each_time(engine: str, tmp_path: Path) -> None:
    with made_on(engine, tmp_path) as own:
        environment = surroundings(tmp_path / "place", own.url) | {"HOST_DATABASE_URL": "", "AUDIO_ROOT": ""}
        told = json.loads(said(started(environment, "-m", "tests.alerts.racing")))
    lasting = ["failures", "generation_time", "success_rate"]
    assert told["episodes"] == [["condition", False], *([rule, True] for rule in lasting)]
    # Evidence that a database cannot give is left out, and the alert fires all the same.
    assert {"causes", "worst_hour", "by_file", "by_status"} <= set(told["facts"]["success_rate"])
    assert {"causes", "worst_hour"} <= set(told["facts"]["failures"])
    assert "p95" in told["facts"]["generation_time"]
    assert told["flips"] == [["firing", "recovering", "ok"], ["firing"]]
    assert told["rounds"] == EVALUATORS * ROUNDS
    assert told["states"] == 1
