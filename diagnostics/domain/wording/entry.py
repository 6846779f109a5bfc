"""What one code says in one language."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Wording:
    """One code in one language. `title` is the short label of lists and filters (at most 40 characters).

    `sentence` tells staff what is wrong, with placeholders (`formatting.fill`); `variants` stand in its place where the
    finding's values call for it (`variants.variant_of`). `meaning` explains, `next_step` is the one thing to do, and
    `tell_user` may be read to a user as it is; empty where no user is concerned.
    """

    title: str
    sentence: str
    meaning: str
    next_step: str
    tell_user: str = ""
    variants: Mapping[str, str] = field(default_factory=dict)


Family = dict[str, dict[str, Wording]]
