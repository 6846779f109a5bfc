"""The file that a row is to name: which one it is, who else claims it, and how the client would play it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from urllib.parse import quote

from django.conf import settings
from django.utils.translation import gettext_noop

from diagnostics import sources, store
from diagnostics.domain import paths
from diagnostics.domain.facts import AudioFacts
from diagnostics.domain.paths import ClaimKind, StoreLayout
from diagnostics.host import HostSchemaError, HostTable, open_host
from diagnostics.live_claimants import Claimants
from diagnostics.live_memory import Memory
from diagnostics.models import SessionEntry
from diagnostics.probes.databases import HostUnavailable
from diagnostics.probes.file_identity import FileIdentity
from sessions_admin.actions.live import UNKNOWN
from sessions_admin.actions.plans import Item, seen_of
from sessions_admin.actions.rows import FILE_CHANGED, Sight
from sessions_admin.host_writer import LONGEST_WAIT_SECONDS, HostRow

STORE_SECONDS = 5.0
PATHS_AT_ONCE = 500
EXAMPLES = 20
SAFE = "/!$&'()*+,;=:@~"  # of a path in a URL; what is neither this nor a letter, digit, - . _ is escaped

FILE_GONE = gettext_noop("Session %(session)s is left alone: its file is not to be found by its name.")
NOT_SEEN = gettext_noop("Session %(session)s was left alone: its file could not be looked at once more.")
CLAIMED = gettext_noop("Session %(session)s is left alone: another session names that file, too (%(others)s).")
NOT_PLAYABLE = gettext_noop(
    "Session %(session)s is left alone: no path is known by which the client could play %(file)s."
)


@dataclass(frozen=True, slots=True)
class Neighbours:
    """The host's other rows, as a file that one row is to name needs to know them."""

    table: HostTable
    examples: tuple[str, ...]

    def claiming(self, path: str, key: str) -> tuple[str, ...] | None:
        """Return the keys of other rows that name this file now; None where nobody can tell."""
        claimants = Claimants(self.table, Memory())
        others = claimants.of(path, key)
        return None if claimants.is_unknown or claimants.troubles else others


@contextmanager
def open_neighbours() -> Iterator[Neighbours]:
    """Open the host's table for reading, with paths of rows that play. Raises HostUnavailable or HostSchemaError."""
    limit = min(settings.HOST_QUERY_SECONDS, LONGEST_WAIT_SECONDS)  # somebody may wait for the plan
    table = open_host(sources.host_source(timeout_seconds=limit))
    try:
        yield Neighbours(table, tuple(_examples(table)))
    finally:
        table.connection.close()


def sight_of(row: HostRow, audio: AudioFacts) -> Sight:
    """Return what a change of the row hangs on, live: the file as it was just examined, that nobody else names it, its path.

    `told["new_path"]` is the path for the row.
    """
    try:
        with open_neighbours() as neighbours:
            (identity,) = _identities([audio.path])
            if identity is None:
                return Sight(why=FILE_GONE)
            if (identity.size_bytes, identity.mtime_ns) != (audio.size_bytes, audio.changed_ns[0]):
                return Sight(why=FILE_CHANGED)
            others = neighbours.claiming(audio.path, row.key)
            if others is None:
                return Sight(why=UNKNOWN, told={"problem": "claimants"})
            if others:
                return Sight(why=CLAIMED, told={"others": ", ".join(others[:10])})
            return _named(row, audio.path, identity, neighbours.examples)
    except (HostUnavailable, HostSchemaError) as error:
        return Sight(why=UNKNOWN, told={"problem": str(error)})
    except (store.StoreSilent, store.NoHelper):
        return Sight(why=UNKNOWN, told={"problem": "store.timeout"})


def foreseen(rows: Mapping[str, HostRow], files: Mapping[str, str]) -> dict[str, Sight]:
    """Return the same for many rows, by the path (key -> path) at which the last pass saw each file; claims are not asked for."""
    keys = list(files)
    try:
        with open_neighbours() as neighbours:
            found = _identities([files[key] for key in keys])
            return {
                key: _named(rows[key], files[key], identity, neighbours.examples) if identity else Sight(why=FILE_GONE)
                for key, identity in zip(keys, found, strict=True)
            }
    except (HostUnavailable, HostSchemaError) as error:
        return {key: Sight(why=UNKNOWN, told={"problem": str(error)}) for key in keys}
    except (store.StoreSilent, store.NoHelper):
        return {key: Sight(why=UNKNOWN, told={"problem": "store.timeout"}) for key in keys}


def still_as_seen(item: Item) -> str:
    """Say why the file of a plan's item is no longer the one that was seen; '' where it is."""
    try:
        (identity,) = _identities([item.path])
    except (store.StoreSilent, store.NoHelper):
        return NOT_SEEN
    facts = seen_of(facts_of(identity)) if identity else {}
    return "" if identity and facts == {name: item.seen.get(name) for name in facts} else FILE_CHANGED


def facts_of(identity: FileIdentity) -> dict[str, str | None]:
    return {
        "file": identity.path,
        "device": str(identity.device),
        "inode": str(identity.inode),
        "links": str(identity.links),
        "size_bytes": str(identity.size_bytes),
        "mtime_ns": str(identity.mtime_ns),
    }


def client_path(path: str, own: str | None, examples: Iterable[str], layout: StoreLayout) -> str:
    """Return what a row has to hold for the client to play the file at this path below the audio root; '' where nothing does.

    A path of its own that leads there stays; else it takes the form of its own, then of other rows that play, then that of
    AUDIO_URL_PREFIX.
    """
    claim = paths.understand(own, layout)
    if own and claim.kind is ClaimKind.INSIDE and claim.path == path and claim.leads_to_file:
        return own
    bases = [_base(example, layout) for example in (own or "", *examples)]
    wanted = [base + quote(path, safe=SAFE, errors="surrogateescape") for base in (*bases, layout.url_prefix) if base]
    return next((text for text in wanted if _leads(text, path, layout)), "")


def _base(example: str, layout: StoreLayout) -> str:
    """Return what stands before the file's place in a path that plays; '' where it would not play another one."""
    claim = paths.understand(example, layout)
    if claim.kind is not ClaimKind.INSIDE or not claim.leads_to_file or not claim.path:
        return ""
    return example.removesuffix(claim.path) if example.endswith(claim.path) else ""


def _leads(text: str, path: str, layout: StoreLayout) -> bool:
    claim = paths.understand(text, layout)
    return claim.kind is ClaimKind.INSIDE and claim.path == path and claim.leads_to_file


def _named(row: HostRow, path: str, identity: FileIdentity, examples: Sequence[str]) -> Sight:
    new = client_path(path, row.values.get("final_file_path"), examples, sources.store_layout())
    if not new:
        return Sight(why=NOT_PLAYABLE, told={"file": path})
    return Sight(facts_of(identity), path, told={"new_path": new})


def _identities(wanted: Sequence[str]) -> list[FileIdentity | None]:
    """Raises StoreSilent or NoHelper."""
    found: list[FileIdentity | None] = []
    root = sources.audio_root()
    for start in range(0, len(wanted), PATHS_AT_ONCE):
        found += store.ask("identities", root, wanted[start : start + PATHS_AT_ONCE], seconds=STORE_SECONDS)
    return found


def _examples(table: HostTable) -> Iterator[str]:
    """Yield the paths of the newest rows that play."""
    playing = SessionEntry.objects.filter(gone_at=None, status="completed", is_whole=True, verdict="playable")
    newest = playing.order_by("-completed_at")[:EXAMPLES]
    keys = [int(entry.key) if entry.key_is_number else entry.key for entry in newest]
    for row in table.rows_of(keys).values():
        if path := table.record(row).path:
            yield path
