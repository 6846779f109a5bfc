"""Every fault that can be done to the demo host, by the code under which the dashboard is to name it."""

from __future__ import annotations

from collections.abc import Callable

from demo.faults import client, delivery, files, generation, parts, paths, records, requests, silence, storage, worker
from demo.faults.scene import Deed, Scene

Fault = Callable[[Scene, int | None], Deed]

FAULTS: dict[str, Fault] = {
    "storage.unavailable": storage.unavailable,
    "storage.listing_incomplete": storage.listing_incomplete,
    "storage.mass_missing": storage.mass_missing,
    "host.unavailable": records.unavailable,
    "host.table_empty": records.table_empty,
    "host.schema": records.schema,
    "path.remote": paths.remote,
    "record.unknown_status": records.unknown_status,
    "path.unsafe": paths.unsafe,
    "path.missing": paths.missing,
    "file.misplaced": paths.misplaced,
    "file.deleted": files.deleted,
    "file.never_written": files.never_written,
    "file.unreadable": files.unreadable,
    "file.not_a_file": files.not_a_file,
    "file.empty": files.empty,
    "file.corrupt": files.corrupt,
    "file.truncated": files.truncated,
    "file.name_collision": paths.name_collision,
    "path.names_other_session": paths.names_other_session,
    "file.size_mismatch": files.size_mismatch,
    "file.wrong_duration": files.wrong_duration,
    "file.silent": generation.silent,
    "record.half_committed": generation.half_committed,
    "generation.disk_full": generation.disk_full,
    "generation.out_of_memory": generation.out_of_memory,
    "generation.permission_denied": generation.permission_denied,
    "generation.timed_out": generation.timed_out,
    "generation.dependency_down": generation.dependency_down,
    "generation.engine_failed": generation.engine_failed,
    "generation.bad_input": generation.bad_input,
    "generation.unrecognised": generation.unrecognised,
    "generation.unexplained": generation.unexplained,
    "record.status_lagging": generation.status_lagging,
    "worker.not_picked_up": worker.not_picked_up,
    "worker.crashed": worker.crashed,
    "worker.stalled": worker.stalled,
    "delivery.link_expired": delivery.link_expired,
    "delivery.wrong_url": paths.wrong_url,
    "delivery.not_served": delivery.of_session("404"),
    "delivery.not_audio": delivery.of_session("html"),
    "delivery.no_range": delivery.of_session("no_range"),
    "delivery.bad_certificate": delivery.bad_certificate,
    "record.api_disagrees": client.answers_old,
    "client.timed_out": client.timed_out,
    "client.bad_response": client.bad_response,
    "record.stale_error": records.stale_error,
    "record.time_disorder": records.time_disorder,
    "record.duplicate_request": requests.duplicate_request,
    "path.bad_name": paths.bad_name,
    "record.progress_odd": records.progress_odd,
    "file.trailing_bytes": files.trailing_bytes,
    "file.predates_session": files.predates_session,
    "file.orphan": files.orphan,
    "file.leftover": files.leftover,
}

# Other ways to the same code, named behind it.
VARIANTS: dict[str, Fault] = {
    "generation.disk_full:silent": silence.disk_full_in_silence,
    "generation.out_of_memory:killed": silence.killed_with_its_code,
    "generation.dependency_down:silent": silence.database_held_in_silence,
    "generation.unexplained:killed": silence.killed_in_silence,
    "delivery.link_expired:refused": delivery.link_refused,
    "delivery.not_served:403": delivery.of_session("403"),
    "delivery.not_served:410": delivery.of_session("410"),
    "delivery.not_served:500": delivery.of_session("500"),
    "delivery.not_served:length": delivery.of_session("length"),
    "delivery.not_audio:json": delivery.of_session("json"),
    "record.api_disagrees:path": client.answers_other_path,
    "record.api_disagrees:size": client.answers_other_size,
    "record.api_disagrees:error": client.answers_error,
    "record.api_disagrees:missing": client.answers_missing,
}

# What is done to the host as a whole, or gives no cause of its own: its server's answers, and its parts.
AROUND: dict[str, Fault] = {
    **{f"server:{way}": delivery.of_server(way) for way in delivery.DOES},
    "part.engine": parts.engine("down", "fails: it is not installed"),
    "part.engine:hang": parts.engine("hang", "never ends"),
    "part.engine:leaks": parts.engine("leaks", "prints ten megabytes with a token in them, and fails"),
    "part.database": parts.database,
}
