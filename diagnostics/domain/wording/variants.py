"""Which variant of a sentence the values of a finding or a state call for."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from diagnostics.domain.host_parts import NOT_TAKING
from diagnostics.domain.wording.formatting import as_number

Values = Mapping[str, object]
MOST_NAMED = 10  # of other sessions; a rule names no more


def variant_of(code: str, values: Values) -> str:
    """Return the name of the variant, or '' for the plain sentence."""
    if code.startswith("generation."):
        if values.get("error"):
            return ""
        if part := values.get("part"):
            return f"by_{part}"
        return "by_inodes" if values.get("inodes_percent") is not None else "without_error"
    choose = CHOICES.get(code)
    return choose(values) if choose else ""


def _named_by(name: str) -> Callable[[Values], str]:
    return lambda values: str(values.get(name) or "").replace(" ", "_")


def _unless_known(name: str, variant: str) -> Callable[[Values], str]:
    return lambda values: variant if values.get(name) in (None, "") else ""


def _where_known(name: str, variant: str) -> Callable[[Values], str]:
    return lambda values: "" if values.get(name) in (None, "") else variant


def _storage(values: Values) -> str:
    problem = str(values.get("problem") or "").replace(" ", "_")
    return "timeout_since" if problem == "timeout" and values.get("since_at") else problem


def _misplaced(values: Values) -> str:
    if values.get("count") not in (1, None):
        return "several"
    return "" if str(values.get("path") or "").strip() else "blank"


def _purged(values: Values) -> str:
    return "" if values.get("is_restorable") else "for_good"


def _duplicates(values: Values) -> str:
    count = as_number(values.get("count")) or 1
    return "" if count <= 1 else "several" if count <= MOST_NAMED else "many"


def _never_written(values: Values) -> str:
    if values.get("is_certain"):
        return "never"
    return "" if values.get("watched_since_at") else "unwatched"


def _truncated(values: Values) -> str:
    if not values.get("is_unfinalised"):
        return ""
    return "unfinalised" if values.get("declared_seconds") else "unfinalised_of_unknown_length"


def _wrong_duration(values: Values) -> str:
    present, claimed = as_number(values.get("duration_seconds")), as_number(values.get("claimed_seconds"))
    return "longer" if present is not None and claimed is not None and present > claimed else ""


def _silent(values: Values) -> str:
    if values.get("silent_from_seconds") == 0:
        return "throughout"
    return "at_least" if values.get("is_complete") is False else ""


def _odd_progress(values: Values) -> str:
    progress = as_number(values.get("progress_percent"))
    return "" if progress is not None and 0 <= progress <= 100 else "outside"


def _not_picked_up(values: Values) -> str:
    """What explains it is said in place of the place in the queue, which is told as evidence."""
    part, problem = values.get("part"), values.get("problem")
    if part == "broker":
        return "without_consumers" if problem in NOT_TAKING else "without_broker"
    if part == "database":
        return "locked" if problem == "locked" else "without_database"
    return "" if values.get("position") not in (None, "") else "without_position"


def _crashed(values: Values) -> str:
    if values.get("pid") is not None:
        return "seen"
    return "silent" if values.get("heartbeat_at") else ""


def _stalled(values: Values) -> str:
    generator = str(values.get("generator") or "unknown")
    if generator != "unknown":
        return generator
    return "" if values.get("progress_percent") is not None else "without_progress"


def _link_expired(values: Values) -> str:
    if values.get("expired_at"):
        return ""
    return "refused" if values.get("status") else "reported"


def _not_served(values: Values) -> str:
    if values.get("answer") == "length":
        return "length"
    status = as_number(values.get("status")) or 0
    return {403: "forbidden", 404: "missing", 410: "missing"}.get(int(status), "failing" if status >= 500 else "")


def _wrong_url(values: Values) -> str:
    if not values.get("expected_url"):
        return ""
    return "reported_api" if values.get("how") == "api" else "reported"


def _network(values: Values) -> str:
    return "" if values.get("is_delivered") else "not_asked"


CHOICES: dict[str, Callable[[Values], str]] = {
    "storage.unavailable": _storage,
    "record.unknown_status": _unless_known("status", "blank"),
    "path.unsafe": _named_by("reason"),
    "file.purged": _purged,
    "file.misplaced": _misplaced,
    "file.deleted": _where_known("cleanup_count", "cleanup"),
    "file.never_written": _never_written,
    "file.unreadable": _unless_known("user", "dashboard"),
    "file.not_a_file": _named_by("kind"),
    "file.corrupt": _named_by("problem"),
    "file.truncated": _truncated,
    "file.name_collision": _unless_known("owner_id", "without_owner"),
    "file.wrong_duration": _wrong_duration,
    "file.silent": _silent,
    "worker.not_picked_up": _not_picked_up,
    "worker.crashed": _crashed,
    "worker.stalled": _stalled,
    "delivery.link_expired": _link_expired,
    "delivery.not_served": _not_served,
    "delivery.not_audio": _named_by("answer"),
    "delivery.no_range": _named_by("answer"),
    "delivery.bad_certificate": _named_by("answer"),
    "record.api_disagrees": _named_by("difference"),
    "delivery.wrong_url": _wrong_url,
    "client.bad_response": _named_by("missing"),
    "client.network": _network,
    "record.duplicate_request": _duplicates,
    "record.time_disorder": _named_by("problem"),
    "path.bad_name": _named_by("problem"),
    "record.progress_odd": _odd_progress,
    "ok": _unless_known("size_bytes", "without_file"),
    "waiting": _unless_known("position", "without_position"),
    "generating": _unless_known("progress_percent", "without_progress"),
    "expired": _where_known("removed_at", "by_policy"),
}
