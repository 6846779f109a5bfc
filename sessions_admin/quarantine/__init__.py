"""Files put aside, brought back, or deleted for good: always by rename on one file system, never following a link.

`open_place` holds both folders open; `put_aside`, `bring_back` and `expire` each change one file, with a manifest beside
it that says what is about to happen before it does; `settle` finishes or undoes what was interrupted, exactly. For the
worker and the shell only: a store that hangs takes whoever moves files with it.
"""

from __future__ import annotations

from diagnostics.probes.stamps import Stamp
from sessions_admin.quarantine.aside import put_aside
from sessions_admin.quarantine.ends import bring_back, expire
from sessions_admin.quarantine.manifest import Label
from sessions_admin.quarantine.place import Place, open_place
from sessions_admin.quarantine.rows import find_held
from sessions_admin.quarantine.settling import settle
from sessions_admin.result import NotMoved, StoreTrouble

__all__ = [
    "Label",
    "NotMoved",
    "Place",
    "Stamp",
    "StoreTrouble",
    "bring_back",
    "expire",
    "find_held",
    "open_place",
    "put_aside",
    "settle",
]
