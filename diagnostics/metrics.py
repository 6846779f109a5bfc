"""What Prometheus is told: the worker's snapshot and its tasks as metrics, named by its conventions; nothing is counted anew.

No metric bears an identifier of a session or a user. What is not known is left out, never told as zero.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from prometheus_client import CollectorRegistry
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.exposition import generate_latest
from prometheus_client.registry import Collector

from diagnostics.alerts.rounds_read import Numbers, numbers
from diagnostics.models import RecurringTask, Snapshot
from diagnostics.notes import WORKER
from diagnostics.reconcile.running import LOCK
from diagnostics.snapshot import read_snapshot

PREFIX = "session_diagnostics_"
Rows = Iterable[tuple[Sequence[str], float | None]]


def exposition() -> bytes:
    """Return all metrics in Prometheus' text format, by five queries of our own database."""
    registry = CollectorRegistry(auto_describe=False)
    registry.register(_OfTheSnapshot(read_snapshot(), list(RecurringTask.objects.all()), numbers()))
    return generate_latest(registry)


class _OfTheSnapshot(Collector):
    """Turns one snapshot, the rows of the tasks and the figures of the alerts into families, once."""

    def __init__(self, snapshot: Snapshot, tasks: Sequence[RecurringTask], alerts: Numbers) -> None:
        self.snapshot, self.tasks, self.alerts = snapshot, tasks, alerts

    def collect(self) -> Iterator[GaugeMetricFamily]:
        content = self.snapshot.content
        yield _family(
            "snapshot_timestamp_seconds",
            "When the figures told here were made.",
            (),
            [((), _unix(self.snapshot.made_at))],
        )
        yield from _of_sessions(content)
        yield from _of_passes(content.get("passes") or {})
        yield from _of_file_systems((content.get("gauges") or {}).get("rows", []))
        yield from _of_tasks(self.tasks)
        yield from _of_alerts(self.alerts)


def _of_sessions(content: Mapping[str, Any]) -> Iterator[GaugeMetricFamily]:
    yield _family(
        "sessions", "Sessions of the host's table by what their users would meet.", ("verdict",),
        _labelled(content.get("verdicts")),
    )  # fmt: skip
    yield _family("sessions_in_state", "The same sessions by state.", ("state",), _labelled(content.get("states")))
    yield _family(
        "sessions_with_cause", "Sessions by cause; a code of the catalogue.", ("cause", "verdict"),
        [((row["code"], row["verdict"]), row["count"]) for row in content.get("causes", [])],
    )  # fmt: skip
    yield _family(
        "incidents_standing", "Incidents that stand: what three sessions or more share.", (),
        [((), (content.get("incidents") or {}).get("standing"))],
    )  # fmt: skip
    yield _family(
        "condition_standing", "1 for each condition that stands above all sessions.", ("code",),
        [((row["code"],), 1) for row in content.get("conditions", [])],
    )  # fmt: skip
    yield from _of_today(content.get("today") or {})


def _of_today(today: Mapping[str, Any]) -> Iterator[GaugeMetricFamily]:
    shares = [(by, today[f"by_{by}"]) for by in ("status", "file") if f"by_{by}" in today]
    yield _family(
        "finished_today", "Sessions that ended since midnight: by the row's status, and by their file.", ("by",),
        [((by,), share["of"]) for by, share in shares],
    )  # fmt: skip
    yield _family(
        "good_today", "Those of them that went well.", ("by",), [((by,), share["good"]) for by, share in shares]
    )


def _of_passes(passes: Mapping[str, Any]) -> Iterator[GaugeMetricFamily]:
    complete = passes.get("complete") or {}
    told = {
        "last_complete_pass_timestamp_seconds": (
            "When the last complete pass ended.", _unix_of(complete.get("finished_at")),
        ),
        "last_complete_pass_duration_seconds": ("How long it took.", complete.get("seconds")),
        "last_complete_pass_rows": ("How many rows it read.", complete.get("rows")),
        "last_complete_pass_files": ("How many files it saw.", complete.get("files")),
    }  # fmt: skip
    for name, (help_text, value) in told.items():
        yield _family(name, help_text, (), [((), value)])
    ended = passes.get("ended") or {}
    has_failed = float(ended["outcome"] == "failed") if ended else None
    yield _family("last_pass_failed", "1 where the pass that ended last failed.", (), [((), has_failed)])


def _of_file_systems(rows: Sequence[Mapping[str, Any]]) -> Iterator[GaugeMetricFamily]:
    by_role = [(role, row) for row in rows for role in row.get("roles", [])]
    yield _family(
        "file_system_used_ratio", "Share in use of the file system with this role, as df counts it.", ("role",),
        [((role,), None if row["percent"] is None else row["percent"] / 100) for role, row in by_role],
    )  # fmt: skip
    yield _family(
        "file_system_free_bytes", "Bytes free on it.", ("role",),
        [((role,), row.get("free_bytes")) for role, row in by_role],
    )  # fmt: skip
    yield _family(
        "audio_room_sessions", "How many more sessions there is room for, by the sizes of the last ones.", (),
        [((), row.get("room")) for role, row in by_role if role == "audio"],
    )  # fmt: skip


def _of_tasks(tasks: Sequence[RecurringTask]) -> Iterator[GaugeMetricFamily]:
    own = [task for task in tasks if task.name not in (WORKER, LOCK)]
    alive = next((task.finished_at for task in tasks if task.name == WORKER), None)
    yield _family("worker_seen_timestamp_seconds", "When a worker last showed that it lives.", (), [((), _unix(alive))])
    yield _family(
        "task_ended_timestamp_seconds", "When a recurring task ended last.", ("task",),
        [((task.name,), _unix(task.finished_at)) for task in own],
    )  # fmt: skip
    yield _family(
        "task_duration_seconds", "How long it took then.", ("task",), [((task.name,), task.seconds) for task in own]
    )
    yield _family(
        "task_failed", "1 where it failed then.", ("task",),
        [((task.name,), float(task.outcome == "failed")) for task in own if task.finished_at],
    )  # fmt: skip


def _of_alerts(alerts: Numbers) -> Iterator[GaugeMetricFamily]:
    yield _family(
        "alerts", "Where the alert rules stand: subjects by rule and state.", ("rule", "state"),
        [((rule, state), number) for rule, state, number in alerts.states],
    )  # fmt: skip
    yield _family(
        "alert_episodes_open", "Episodes that last: of rules that fire, and of rules that cannot be evaluated.", ("kind",),
        [((kind,), number) for kind, number in alerts.open],
    )  # fmt: skip
    last = alerts.last
    yield _family(
        "last_alert_round_timestamp_seconds", "When the last round over the alert rules was finished.", (),
        [((), _unix(last.finished_at) if last else None)],
    )  # fmt: skip
    yield _family("last_alert_round_duration_seconds", "How long it took.", (), [((), last.seconds if last else None)])


def _labelled(counts: Mapping[str, int] | None) -> Rows:
    return [((name,), number) for name, number in (counts or {}).items()]


def _family(name: str, help_text: str, labels: Sequence[str], rows: Rows) -> GaugeMetricFamily:
    family = GaugeMetricFamily(PREFIX + name, help_text, labels=labels)
    for values, number in rows:
        if number is not None:
            family.add_metric(values, float(number))
    return family


def _unix(moment: datetime | None) -> float | None:
    return None if moment is None else moment.timestamp()


def _unix_of(text: str | None) -> float | None:
    return None if text is None else datetime.fromisoformat(text).timestamp()
