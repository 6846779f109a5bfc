"""What Prometheus is told: read and judged by its own tool, and held against what the pages show."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings as project
from django.utils import timezone
from prometheus_client.parser import text_string_to_metric_families
from pytest_django import DjangoAssertNumQueries

from diagnostics.metrics import PREFIX, exposition
from diagnostics.models import AlertRound, AlertState, Episode, RecurringTask
from diagnostics.notes import WORKER
from diagnostics.snapshot import make_snapshot
from tests.diagnostics.rows import complete_pass, condition, failed_session, session

pytestmark = pytest.mark.django_db
DOCS = Path(project.BASE_DIR) / "docs/monitoring"
needs_promtool = pytest.mark.skipif(not shutil.which("promtool"), reason="Prometheus' promtool is not installed")


def told() -> dict[tuple[str, ...], float]:
    """Return (name, label values …) -> value of all that is exposed."""
    families = text_string_to_metric_families(exposition().decode())
    return {
        (sample.name.removeprefix(PREFIX), *sample.labels.values()): sample.value
        for family in families
        for sample in family.samples
    }


def a_busy_place() -> None:
    now = timezone.now()
    complete_pass()
    condition("storage.unavailable")
    session("1", verdict="playable", state="ok")
    failed_session()
    RecurringTask.objects.create(name=WORKER, next_at=now, finished_at=now)
    RecurringTask.objects.create(name="pass", next_at=now, finished_at=now, outcome="failed", seconds=1.5)
    RecurringTask.objects.create(name="sample", next_at=now)
    make_snapshot(now)
    AlertRound.objects.create(started_at=now, finished_at=now, seconds=0.2)
    AlertState.objects.create(rule="disk_used", subject="audio", state="firing", since=now, evaluated_at=now)
    Episode.objects.create(rule="disk_used", subject="audio", begun_at=now, fired_at=now)


def test_it_tells_what_the_pages_show() -> None:
    a_busy_place()
    values = told()
    assert values["sessions", "playable"] == 1
    assert values["sessions", "broken"] == 1
    assert values["sessions_with_cause", "generation.disk_full", "broken"] == 1
    assert values["condition_standing", "storage.unavailable"] == 1
    assert values["last_pass_failed",] == 0
    assert values["task_failed", "pass"] == 1
    assert values["task_duration_seconds", "pass"] == 1.5
    assert values["worker_seen_timestamp_seconds",] == pytest.approx(timezone.now().timestamp(), abs=30)


def test_it_tells_where_the_alert_rules_stand() -> None:
    a_busy_place()
    values = told()
    assert values["alerts", "disk_used", "firing"] == 1
    assert (values["alert_episodes_open", "firing"], values["alert_episodes_open", "error"]) == (1, 0)
    assert values["last_alert_round_timestamp_seconds",] == pytest.approx(timezone.now().timestamp(), abs=30)
    assert values["last_alert_round_duration_seconds",] == 0.2


def test_what_is_not_known_is_left_out() -> None:
    make_snapshot(timezone.now())
    names = {name for name, *_labels in told()}
    assert "last_complete_pass_timestamp_seconds" not in names
    assert "audio_room_sessions" not in names
    assert "worker_seen_timestamp_seconds" not in names


def test_a_task_that_never_ended_is_not_told_as_well_done() -> None:
    a_busy_place()
    assert ("task_failed", "sample") not in told()


def test_it_costs_five_queries_however_many_sessions(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    a_busy_place()
    with django_assert_num_queries(5):
        exposition()


def test_no_identifier_of_a_user_or_a_session_is_in_it() -> None:
    session("session-4711", user_id="user-0815", status="failed", verdict="broken", state="failed")
    make_snapshot(timezone.now())
    assert b"4711" not in exposition()
    assert b"0815" not in exposition()


@needs_promtool
def test_promtool_finds_nothing_wrong_with_it() -> None:
    a_busy_place()
    found = subprocess.run(["promtool", "check", "metrics"], input=exposition(), capture_output=True, check=False)
    assert (found.returncode, found.stdout, found.stderr) == (0, b"", b"")


@needs_promtool
def test_the_alert_rules_hold() -> None:
    subprocess.run(["promtool", "check", "rules", str(DOCS / "prometheus-rules.yml")], check=True, capture_output=True)


@needs_promtool
def test_the_alert_rules_fire_when_they_should_and_not_before(tmp_path: Path) -> None:
    verdicts = [(11, 89, True), (10, 90, False), (5, 4, False)]
    tests = [
        _case("ManyBroken", {_sessions("broken"): broken, _sessions("playable"): playable}, fires=fires)
        for broken, playable, fires in verdicts
    ]
    tests.append(_case("WorkerSilent", {"worker_seen_timestamp_seconds": 0}, fires=True))
    tests.append(_case("AlertsLate", {"last_alert_round_timestamp_seconds": 0}, fires=True))
    tests.append(_case("AlertsFiring", {'alert_episodes_open{kind="firing"}': 1}, fires=True))
    tests.append(_case("AlertsFiring", {'alert_episodes_open{kind="firing"}': 0}, fires=False))
    tests += [_case("LittleRoom", {"audio_room_sessions": room}, fires=room < 20) for room in (20, 19)]
    file = tmp_path / "tests.yml"
    file.write_text(json.dumps({"rule_files": [str(DOCS / "prometheus-rules.yml")], "tests": tests}))
    found = subprocess.run(["promtool", "test", "rules", str(file)], capture_output=True, text=True, check=False)
    assert found.returncode == 0, found.stdout + found.stderr


def test_rules_and_dashboard_ask_for_metrics_that_exist() -> None:
    a_busy_place()
    exposed = set(re.findall(rf"^# TYPE ({PREFIX}\w+)", exposition().decode(), flags=re.MULTILINE))
    for name in ("prometheus-rules.yml", "grafana-dashboard.json"):
        asked = set(re.findall(rf"{PREFIX}\w+", (DOCS / name).read_text()))
        assert asked
        assert asked - exposed == set(), name


def test_the_dashboard_is_one() -> None:
    dashboard = json.loads((DOCS / "grafana-dashboard.json").read_text())
    panels = dashboard["panels"]
    assert len({panel["id"] for panel in panels}) == len(panels)
    assert all(target["expr"] for panel in panels for target in panel["targets"])


def test_the_age_of_the_figures_is_told() -> None:
    made_at = timezone.now() - timedelta(minutes=7)
    make_snapshot(made_at)
    assert told()["snapshot_timestamp_seconds",] == pytest.approx(made_at.timestamp(), abs=1)


def _case(alert: str, series: dict[str, int], *, fires: bool) -> dict[str, object]:
    """Return one case for promtool: constant series, and whether the alert fires after half an hour."""
    firing = f'count(ALERTS{{alertname="SessionDiagnostics{alert}",alertstate="firing"}})'
    return {
        "interval": "1m",
        "input_series": [{"series": PREFIX + name, "values": f"{value}x60"} for name, value in series.items()],
        "promql_expr_test": [
            {"expr": firing, "eval_time": "30m", "exp_samples": [{"labels": "{}", "value": 1}] if fires else []}
        ],
    }


def _sessions(verdict: str) -> str:
    return f'sessions{{verdict="{verdict}"}}'
