"""The rules: every alert with its measure, its unit and its levels; and which cause silences which consequence."""

from __future__ import annotations

from dataclasses import dataclass

MINUTE, HOUR, DAY = 60, 3600, 86_400


@dataclass(frozen=True, slots=True)
class Levels:
    """When a rule fires and ends. Below `raise_at` where `is_low_bad` of the rule, else above it: strictly, unrounded.

    It fires once the breach held at every look for `for_seconds` (0: at once), and ends once the value was back at
    `clear_at` or better for `keep_seconds`. `window_seconds` and `smallest_sample` are None where the measure has none.
    """

    raise_at: float
    clear_at: float
    window_seconds: int | None = None
    smallest_sample: int | None = None
    for_seconds: int = 2 * MINUTE
    keep_seconds: int = 10 * MINUTE


@dataclass(frozen=True, slots=True)
class Rule:
    """One alert. `unit`: percent, seconds, hours, number, or state (0 well, 1 not: its levels cannot be set).

    `subjects` names what it is told of apart: "" (one for all), file_system, part, condition, incident, worker.
    `page` is the URL name of the page to look at first.
    """

    name: str
    unit: str
    levels: Levels
    is_low_bad: bool = False
    subjects: str = ""
    page: str = "diagnostics:overview"
    can_backtest: bool = True

    @property
    def has_levels(self) -> bool:
        return self.unit != "state"


AT_ONCE = Levels(raise_at=0, clear_at=0, for_seconds=0, keep_seconds=2 * MINUTE)

RULES: tuple[Rule, ...] = (
    # The guide's four (levels, `for` and keep: ops research, 1.2).
    Rule("success_rate", "percent", Levels(90, 92, DAY, 10), is_low_bad=True, page="diagnostics:rates"),
    Rule("generation_time", "seconds", Levels(300, 270, DAY, 5), page="diagnostics:rates"),
    Rule("disk_used", "percent", Levels(85, 80, keep_seconds=15 * MINUTE), subjects="file_system", page="diagnostics:resources"),
    Rule("failures", "number", Levels(5, 3, HOUR, for_seconds=0, keep_seconds=15 * MINUTE), page="diagnostics:session_list"),
    # What stands above a whole pass.
    Rule("condition", "state", AT_ONCE, subjects="condition"),
    # Hours until fewer than ROOM_SESSIONS pieces fit, by the fill rate of the last hours.
    Rule("disk_full_soon", "hours", Levels(6, 12, 6 * HOUR), is_low_bad=True, subjects="file_system", page="diagnostics:resources"),
    Rule("inodes_used", "percent", Levels(90, 85, keep_seconds=15 * MINUTE), subjects="file_system", page="diagnostics:resources"),
    # Seconds since anything moved, while sessions wait.
    Rule("queue_still", "seconds", Levels(600, 300), page="diagnostics:session_list", can_backtest=False),
    # Seconds since a worker that did not say goodbye was seen; and since the last complete pass, beyond its interval.
    Rule("worker_silent", "seconds", Levels(120, 60, for_seconds=0), subjects="worker", page="sessions_admin:worker", can_backtest=False),
    Rule("pass_late", "seconds", Levels(900, 300, for_seconds=0), page="diagnostics:pass_list"),
    Rule("incident_regressed", "state", AT_ONCE, subjects="incident", page="diagnostics:incident_list"),
    Rule("part_down", "state", Levels(0, 0, for_seconds=2 * MINUTE, keep_seconds=2 * MINUTE), subjects="part", page="diagnostics:resources"),
)  # fmt: skip
BY_NAME = {rule.name: rule for rule in RULES}
ROOM_SESSIONS = 20

# The episode of a cause silences the rules that only tell of its consequences: (rule, subject; '' any) -> rules, or
# "rule:subject" where it is of one subject alone.
MUTES: dict[tuple[str, str], tuple[str, ...]] = {
    ("condition", "host.unavailable"): ("success_rate", "generation_time", "failures", "queue_still", "pass_late", "part_down:database"),
    ("condition", "host.schema"): ("success_rate", "generation_time", "failures", "queue_still", "pass_late"),
    ("condition", "host.table_empty"): ("success_rate", "generation_time", "failures", "queue_still"),
    ("condition", "storage.unavailable"): ("success_rate", "disk_used", "disk_full_soon", "inodes_used", "incident_regressed", "part_down:mount"),
    ("part_down", "database"): ("success_rate", "generation_time", "failures", "queue_still"),
    ("part_down", "engine"): ("generation_time", "queue_still"),
    ("part_down", "broker"): ("queue_still",),
    ("worker_silent", ""): ("pass_late",),
}  # fmt: skip
