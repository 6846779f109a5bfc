"""The audio store for one live examination: asked through the helper process, searched at most once."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.conf import settings

from diagnostics import sources, store
from diagnostics.budget import Budget
from diagnostics.domain import names, paths
from diagnostics.domain.access import Access
from diagnostics.domain.facts import AudioFacts, Presence, SessionKey, StoreFacts
from diagnostics.domain.paths import Claim, ClaimKind
from diagnostics.domain.trouble import Trouble
from diagnostics.identity import shown
from diagnostics.live_memory import Memory
from diagnostics.probes.name_search import Search
from diagnostics.probes.store_questions import Root

STORE_SECONDS = 0.7
SEARCH_SECONDS = 0.6
MOST_KEYS = 1_000
MOST_LOOKS = 20


@dataclass(slots=True)
class LiveStore:
    """One look at the store. After the first silence it is not asked again: everything else of it is unknown."""

    root: Root
    facts: StoreFacts
    now: datetime
    budget: Budget
    memory: Memory
    troubles: list[Trouble] = field(default_factory=list)
    is_silent: bool = False
    _key: str = ""
    _found: tuple[str, ...] = ()

    def look(self, path: str, *, with_header: bool = True) -> AudioFacts:
        facts = self._ask("look", self.root.path, path, self.now, with_header)
        return facts or AudioFacts(shown(path), Presence.ERROR, self.now, error="ETIMEDOUT")

    def reading(self, path: str) -> Access | None:
        """Return whether READING_USER may read a file that was seen there; None where that user is not set."""
        if not settings.READING_USER:
            return None
        found = self._ask("reading", settings.READING_USER, self.root.path, path)
        return found or Access(settings.READING_USER, None, error="ETIMEDOUT")

    def at_root(self) -> tuple[Access | None, Access | None]:
        """Return whether READING_USER gets into the root, and whether GENERATOR_USER may write there."""
        users = (settings.READING_USER, settings.GENERATOR_USER)
        if self.facts.problem or not any(users):
            return None, None
        return self._ask("at_root", *users, self.root.path) or (None, None)

    def search(self, key: SessionKey, name: str, others: tuple[SessionKey, ...] = ()) -> None:
        """Find the files of a session, and of others whose movement it waits for: by name, in one reading of the folders."""
        if self.facts.problem:
            return
        self._key = str(key)
        keys = tuple(str(each) for each in (key, *others))[:MOST_KEYS]
        seconds = self.budget.at_most(SEARCH_SECONDS)
        found: Search = self._ask("search", self.root.path, keys, name, sources.unlisted_folders(), seconds) or Search()
        if found.problem:
            self.facts = StoreFacts("io_error", found.problem, self.now)
        self._found = found.paths
        if found.unlisted or not found.is_whole:
            code = "search.unlisted" if found.is_whole else "search.time"
            self.troubles.append(Trouble(code, "; ".join(f"{folder}: {error}" for folder, error in found.unlisted[:3])))
            known = [path for each in (key, *others[:MOST_LOOKS]) for path in self.memory.resembling(each, name)]
            self._found = tuple(sorted({*found.paths, *known}))

    def resembling(self, claim: Claim) -> list[str]:
        """Return the paths of finished files that were found: by the convention's name with this id, or of a like name."""
        named = claim.path if claim.kind is ClaimKind.INSIDE else None
        wanted = paths.fold(claim.name) if claim.name else None
        return [path for path in self._found if path != named and self._is_like(path, wanted)]

    def _is_like(self, path: str, wanted: str | None) -> bool:
        name = path.rsplit("/", 1)[-1]
        is_own = self.bearer(path) == self._key or (wanted is not None and paths.fold(name) == wanted)
        return is_own and not names.is_temporary(name)

    def bearer(self, path: str) -> str:
        """Return the session id that a file's name bears, or ''."""
        return names.session_in(path.rsplit("/", 1)[-1])

    def own_files(self, key: SessionKey) -> list[AudioFacts]:
        """Return what bears a session's id, finished or temporary, of what was searched for; headers are not read."""
        own = [path for path in self._found if self.bearer(path) == str(key)]
        return [self.look(path, with_header=False) for path in own[:MOST_LOOKS]]

    def doubt_absence(self, *, is_undecided: bool) -> None:
        """A file is absent only below a root that is still the one it was: asked again before anything is called missing.

        `is_undecided` where somebody did not answer who could tell whether it lies elsewhere or was ever there.
        """
        if self.facts.problem:
            return
        again = store.check_root(self.now, seconds=self.budget.at_most(STORE_SECONDS))
        if again.facts.problem:
            self._lose(again.facts)
        elif again.device != self.root.device:
            self.facts = StoreFacts("other_device", again.path, self.now)
        elif again.is_empty and self.memory.knows_files():
            self.facts = StoreFacts("empty", again.path, self.now)
        elif is_undecided or self.memory.is_silent:
            self.facts = StoreFacts("undecided", "", self.now)

    def _ask(self, name: str, *arguments: object) -> Any:
        """Return an answer, or None where there is none: the store itself is unknown from then on."""
        if self.is_silent:
            return None
        try:
            return store.ask(name, *arguments, seconds=self.budget.at_most(STORE_SECONDS))
        except (store.StoreSilent, store.NoHelper) as error:
            self._lose(store.silence(error, self.now))
            return None

    def _lose(self, facts: StoreFacts) -> None:
        self.facts = facts
        self.is_silent = facts.problem in ("timeout", "no_helper")
        if self.is_silent:
            self.troubles.append(trouble_of(facts))


def open_store(now: datetime, budget: Budget, memory: Memory) -> LiveStore:
    """Return the store with what can be said of its root: the same distrust as a pass has."""
    root = store.check_root(now, seconds=budget.at_most(STORE_SECONDS))
    opened = LiveStore(root, root.facts, now, budget, memory)
    if root.facts.problem:
        opened._lose(root.facts)
    else:
        opened.facts = _distrusted(root, memory, now)
    return opened


def trouble_of(facts: StoreFacts) -> Trouble:
    return Trouble(f"store.{facts.problem}", facts.detail, {"since_at": facts.since})


def _distrusted(root: Root, memory: Memory, now: datetime) -> StoreFacts:
    """A root that is suddenly empty, or another device that a pass did not accept, is not the store that we know."""
    if root.is_empty and memory.knows_files():
        return StoreFacts("empty", root.path, now)
    last = memory.last_look() if memory.store_was_unavailable() else None
    if last is not None and last.root_device != root.device:
        return StoreFacts("other_device", root.path, now)
    return root.facts
