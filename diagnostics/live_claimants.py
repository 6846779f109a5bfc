"""Which other rows name a file, for one live examination: the host's table is asked, and the last pass beside it."""

from __future__ import annotations

from dataclasses import dataclass, field

from diagnostics import sources
from diagnostics.domain import names, paths
from diagnostics.domain.facts import SessionKey
from diagnostics.domain.paths import Claim, ClaimKind
from diagnostics.domain.trouble import Trouble
from diagnostics.host import HostTable
from diagnostics.live_memory import Memory
from diagnostics.probes.databases import HostUnavailable


@dataclass(slots=True)
class Claimants:
    """Asks as little as the rules need; `is_unknown` where neither the table nor the last pass could tell."""

    table: HostTable
    memory: Memory
    troubles: list[Trouble] = field(default_factory=list)
    is_unknown: bool = False

    def others(self, claim: Claim, own: SessionKey) -> tuple[str, ...]:
        """Return the other rows that name a row's file; whose id the name bears owns it, and for him few are asked."""
        if claim.kind is not ClaimKind.INSIDE or not claim.path:
            return ()
        return self.of(claim.path, str(own), is_own=names.bears(claim.name, own))

    def of(self, path: str, own: str, *, is_own: bool = False) -> tuple[str, ...]:
        """Return the keys of other rows that name this file, however they write its path.

        The table is asked for the plain name, unless the file `is_own`; rows that escape it are those which the last pass
        understood so.
        """
        layout = sources.store_layout()
        named = self._known(path)
        if not is_own:
            named |= self._naming(path.rsplit("/", 1)[-1])
        claims = {str(key): paths.understand(raw, layout) for key, raw in named.items()}
        return tuple(sorted(key for key, claim in claims.items() if claim.path == path and key != own))

    def has_row(self, key: str) -> bool:
        try:
            return self.table.find(key) is not None
        except HostUnavailable:
            self.is_unknown = True
            return True

    def _known(self, path: str) -> dict[SessionKey, str]:
        """Rows that named the file at the last pass, with the paths that they hold now."""
        keys = self.memory.claimants(path)
        if not keys:
            return {}
        try:
            rows = self.table.rows_of(keys)
        except HostUnavailable:
            self.is_unknown = True
            return {}
        return {key: self.table.record(row).path or "" for key, row in rows.items()}

    def _naming(self, name: str) -> dict[SessionKey, str]:
        """No index helps here: the whole table is read, which a large one may not do in time."""
        try:
            return {} if self.troubles else dict(self.table.naming(name))
        except HostUnavailable as error:
            self.troubles.append(Trouble("claimants.as_of_last_pass", str(error)))
            self.is_unknown = self.is_unknown or self.memory.is_silent
            return {}
