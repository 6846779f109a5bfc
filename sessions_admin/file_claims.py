"""Who names a file: by the session index, for a plan, and in the host's own table, at the moment before a file is moved."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass

from diagnostics import sources
from diagnostics.domain.facts import SessionKey
from diagnostics.domain.paths import ClaimKind, understand
from diagnostics.host import HostSchemaError, open_host
from diagnostics.identity import path_hash, shown
from diagnostics.models import SessionEntry
from diagnostics.probes.databases import HostUnavailable, Problem
from diagnostics.reconcile.parts import parts

WAIT_SECONDS = 10.0


@dataclass(frozen=True, slots=True, order=True)
class Named:
    """A session whose row names a file, with its status; `is_whole` as the last pass judged the file (live: unknown)."""

    key: str
    status: str
    is_whole: bool = False


Claims = Mapping[int, Sequence[Named]]


def known_claims(path_hashes: Iterable[int]) -> Claims:
    """Return, by the path's number, the sessions that name a file, as the last pass knew them."""
    found: dict[int, list[Named]] = defaultdict(list)
    for part in parts(path_hashes):
        rows = SessionEntry.objects.filter(claim_hash__in=part, gone_at=None)
        for claim, key, status, is_whole in rows.values_list("claim_hash", "key", "status", "is_whole"):
            found[claim or 0].append(Named(key, status, is_whole))
    return found


def claims_now(path_hashes: Mapping[int, str]) -> Claims:
    """Return the same out of the host's table as it is now, for paths (as `os.fsdecode` makes them) by their numbers.

    One query finds all that may name one of them: by the file's name, or with any escape; each is then understood as a
    pass does it. Raises HostUnavailable.
    """
    found: dict[int, list[Named]] = defaultdict(list)
    layout = sources.store_layout()
    names = {path.rsplit("/", 1)[-1] for path in path_hashes.values()}
    for key, path, status in _rows_with(names):
        claim = understand(path, layout)
        number = path_hash(claim.path) if claim.kind is ClaimKind.INSIDE else None
        if number is not None and number in path_hashes:
            found[number].append(Named(shown(str(key)), shown(status)))
    return found


def as_text(claims: Collection[Named]) -> str:
    """Return who names a file, each with its status, as a plan remembers it."""
    return ", ".join(f"{named.key} {named.status}" for named in sorted(claims))


def _rows_with(names: Collection[str]) -> list[tuple[SessionKey, str, str]]:
    try:
        host = open_host(sources.host_source(timeout_seconds=WAIT_SECONDS))
    except HostSchemaError as error:
        raise HostUnavailable(Problem.NO_TABLE, sources.host_source().table, str(error)) from error
    with closing(host.connection):
        return host.naming_any(names)
