"""Other tables: ids that are strings, optional columns that are missing, columns that are named otherwise."""

from __future__ import annotations

from collections.abc import Iterator

from tests.corpus.labels import GENERATING, OK, State, World, broken, failed, not_ready, noticed
from tests.corpus.wavs import WHOLE, wav
from tests.corpus.world import COLUMNS, HOUR, PREFIX, Case

STRINGS = World("string_ids", columns=COLUMNS.replace("session_id BIGINT", "session_id VARCHAR(60)"))
NEEDED = """session_id INTEGER PRIMARY KEY, status TEXT, created_at TEXT, updated_at TEXT, error_message TEXT, final_file_path TEXT"""
BARE = World("needed_columns_only", columns=NEEDED)
MAPPING = {"session_id": "id", "final_file_path": "path", "status": "state"}
MAPPED_COLUMNS = NEEDED.replace("session_id", "id").replace("final_file_path", "path").replace("status", "state")
MAPPED = World(
    "mapped_columns", (("HOST_COLUMNS", MAPPING),), columns=MAPPED_COLUMNS + ", final_file_size INTEGER, extra BLOB"
)
IDS = "host_app: session_id: integer, or a string in some deployments"
ABSENT = "host_app: a missing optional column switches off what depends on it"
OTHERWISE = "host_app: columns may be missing, extra, or named otherwise"


def _deleted(case: Case) -> Iterator[None]:
    case.session()
    yield
    case.file.unlink()


def _lagging(case: Case) -> None:
    case.write("{name}", WHOLE, HOUR / 2)
    case.unfinished("generating", created=HOUR, updated=300)


def _taken(case: Case) -> None:
    owner = case.other()
    owner.session()
    case.session(at=None, path=PREFIX + owner.name)


STATES: tuple[State, ...] = (
    State("string_id_whole", lambda case: case.session(), OK, IDS, STRINGS),
    State("string_id_deleted", _deleted, broken("file.deleted"), IDS, STRINGS),
    State("string_id_lost", lambda case: case.session(at=None), broken("file.never_written"), IDS, STRINGS),
    State("string_id_misplaced", lambda case: case.session(path=None), broken("file.misplaced"), IDS, STRINGS),
    State("string_id_collision", _taken, broken("file.name_collision"), IDS, STRINGS),
    State(
        "string_id_failed", lambda case: case.failed("MemoryError"), failed("generation.out_of_memory"), IDS, STRINGS
    ),
    State(
        "string_id_lagging",
        _lagging,
        broken("record.status_lagging"),
        IDS,
        STRINGS,
    ),
    State("bare_whole", lambda case: case.session(), OK, ABSENT, BARE),
    State("bare_other_length", lambda case: case.session(content=wav(10)), OK, ABSENT, BARE),
    State("bare_deleted", _deleted, broken("file.deleted"), ABSENT, BARE),
    State("bare_cut", lambda case: case.session(content=WHOLE[:500]), broken("file.truncated"), ABSENT, BARE),
    State(
        "bare_stale_error", lambda case: case.session(error_message="boom"), noticed("record.stale_error"), ABSENT, BARE
    ),
    State(
        "bare_generating",
        lambda case: case.unfinished("generating", created=HOUR, updated=60),
        GENERATING,
        ABSENT,
        BARE,
    ),
    State("bare_pending", lambda case: case.unfinished("pending", created=60), not_ready("waiting"), ABSENT, BARE),
    State("mapped_whole", lambda case: case.session(), OK, OTHERWISE, MAPPED),
    State(
        "mapped_size_mismatch",
        lambda case: case.session(final_file_size=1),
        broken("file.size_mismatch"),
        OTHERWISE,
        MAPPED,
    ),
    State("mapped_lost", lambda case: case.session(at=None), broken("file.never_written"), OTHERWISE, MAPPED),
)
