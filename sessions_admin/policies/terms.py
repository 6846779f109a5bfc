"""The terms of a policy: from which age on, how long it stays restorable, and how much a run may move without being asked."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Terms:
    """Whole numbers. A run of at most `most_files` and `most_gigabytes` (of 10^9 bytes) needs nobody's approval."""

    age_days: int
    hold_days: int
    most_files: int
    most_gigabytes: int

    @property
    def kept(self) -> dict[str, int]:
        return asdict(self)

    @property
    def texts(self) -> dict[str, str]:
        """The terms as the audit, and the scope of a plan, hold them."""
        return {name: str(value) for name, value in self.kept.items()}


def terms_of(kept: Mapping[str, int] | None) -> Terms | None:
    """Return terms as they were stored; None where there are none."""
    return None if kept is None else Terms(**kept)


def digest_of(name: str, terms: Terms, author: str, at: datetime) -> str:
    """Return what an approval is bound to: the policy, the terms, and who proposed them when."""
    told = [name, terms.kept, author, at.isoformat()]
    return hashlib.sha256(json.dumps(told, sort_keys=True).encode()).hexdigest()
