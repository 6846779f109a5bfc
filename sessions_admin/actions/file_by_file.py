"""What the actions on files share: one file after the other, until the store itself is in trouble."""

from __future__ import annotations

import logging
from collections.abc import Callable

from django.db import DatabaseError
from django.utils import timezone
from django.utils.translation import gettext_noop

from diagnostics import store
from diagnostics.probes.stamps import Seen
from sessions_admin.actions import results
from sessions_admin.actions.action import Intent, Meant
from sessions_admin.actions.plans import Item
from sessions_admin.actions.results import Kind, Result
from sessions_admin.models import AuditEntry
from sessions_admin.result import NotMoved, StoreTrouble

SETTLED_NOT_DONE = gettext_noop("Nothing was done to %(path)s: the work was interrupted before the change.")
NOT_SEEN = gettext_noop("%(path)s is left alone: the store does not answer, so it cannot be seen.")
NOT_HELD = gettext_noop("%(path)s is left alone: no such file was put aside.")

LOOK_SECONDS, LOOKS_AT_ONCE, ALL_SECONDS = 3.0, 500, 8.0
CHUNK = 20
logger = logging.getLogger(__name__)


def file_by_file(meant: Meant, change: Callable[[Item, Intent], Result]) -> list[Result]:
    """Change one file after the other, and return how each ended; behind the store's trouble the rest is NOT_REACHED."""
    ends: list[Result] = []
    rest = Result(Kind.FAILED, results.NOT_REACHED)
    for item, intent in meant:
        try:
            ends.append(change(item, intent))
        except NotMoved as refused:
            ends.append(refused.result)
        except StoreTrouble as trouble:
            ends.append(trouble.result)
            break
        except DatabaseError:
            logger.exception("A file was moved, but not noted: %s", item.path)
            rest = Result(Kind.UNKNOWN, results.OUTCOME_LATER, is_settled=False)
            break
    return ends + [rest] * (len(meant) - len(ends))


def look_at_all(root: str, paths: list[bytes]) -> list[Seen]:
    """Return what stands at each path below a root now, asked with limits; what does not answer has an error."""
    found: list[Seen] = []
    until = timezone.now().timestamp() + ALL_SECONDS
    for start in range(0, len(paths), LOOKS_AT_ONCE):
        part = paths[start : start + LOOKS_AT_ONCE]
        try:
            if timezone.now().timestamp() > until:
                raise store.NoHelper("out of time")
            found += store.ask("stamps", root, part, seconds=LOOK_SECONDS)
        except (store.StoreSilent, store.NoHelper) as error:
            detail = "time-out" if isinstance(error, store.StoreSilent) else str(error)
            return found + [Seen("error", error=detail)] * (len(paths) - len(found))
    return found


def not_done(entry: AuditEntry) -> Result:
    """Return what an interrupted intent came to that changed nothing."""
    return Result(Kind.FAILED, SETTLED_NOT_DONE, {"path": (entry.before or {}).get("path") or "?"})
