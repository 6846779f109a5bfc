"""What stood in the way of an examination: a source that did not answer, or not wholly."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Trouble:
    """One source and why it did not answer; `wording.troubles` says it. `detail` is the source's own word, untranslated.

    Codes: `host.*` by the database's problem, `store.*` by the store's, `claimants.*` where only the last pass knows which
    other rows name a file, `search.*` where it alone knows which other files there are, `requests.*` which other sessions
    the user began, `processes.*` by what is wrong with the process list, `host_api.*` by what kept the host's API from
    answering, `delivery.*` why nothing is known of how a web server delivers the file, `own.unavailable`.
    """

    code: str
    detail: str = ""
    values: Mapping[str, object] = field(default_factory=dict)
