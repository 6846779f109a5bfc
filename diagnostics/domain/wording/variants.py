"""Which variant of a sentence the values of a finding or a state call for."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from diagnostics.domain.wording.formatting import as_number

Values = Mapping[str, object]


def variant_of(code: str, values: Values) -> str:
    """Return the name of the variant, or '' for the plain sentence."""
    if code.startswith("generation."):
        return "" if values.get("error") else "without_error"
    choose = CHOICES.get(code)
    return choose(values) if choose else ""


def _named_by(name: str) -> Callable[[Values], str]:
    return lambda values: str(values.get(name) or "").replace(" ", "_")


def _unless_known(name: str, variant: str) -> Callable[[Values], str]:
    return lambda values: variant if values.get(name) in (None, "") else ""


def _storage(values: Values) -> str:
    problem = str(values.get("problem") or "").replace(" ", "_")
    return "timeout_since" if problem == "timeout" and values.get("since_at") else problem


def _misplaced(values: Values) -> str:
    if values.get("count") not in (1, None):
        return "several"
    return "" if str(values.get("path") or "").strip() else "blank"


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


def _odd_progress(values: Values) -> str:
    progress = as_number(values.get("progress_percent"))
    return "" if progress is not None and 0 <= progress <= 100 else "outside"


CHOICES: dict[str, Callable[[Values], str]] = {
    "storage.unavailable": _storage,
    "record.unknown_status": _unless_known("status", "blank"),
    "path.unsafe": _named_by("reason"),
    "file.misplaced": _misplaced,
    "file.never_written": _never_written,
    "file.not_a_file": _named_by("kind"),
    "file.corrupt": _named_by("problem"),
    "file.truncated": _truncated,
    "file.name_collision": _unless_known("owner_id", "without_owner"),
    "file.wrong_duration": _wrong_duration,
    "worker.not_picked_up": _unless_known("position", "without_position"),
    "worker.stalled": _unless_known("progress_percent", "without_progress"),
    "delivery.link_expired": _unless_known("expired_at", "reported"),
    "record.time_disorder": _named_by("problem"),
    "path.bad_name": _named_by("problem"),
    "record.progress_odd": _odd_progress,
    "ok": _unless_known("size_bytes", "without_file"),
    "waiting": _unless_known("position", "without_position"),
    "generating": _unless_known("progress_percent", "without_progress"),
}
