"""Which sessions' audio is lost or spoiled, so that composing it again helps, and what helps the others instead."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from django.utils.translation import gettext_noop

from diagnostics.domain.causes import CATALOGUE
from diagnostics.domain.diagnosis import Diagnosis, State, Verdict
from diagnostics.models import SessionEntry
from diagnostics.reconcile.parts import parts
from sessions_admin import outlook

# The causes that composing again mends: those of the catalogue whose remedy it is.
LOST = frozenset(code for code, cause in CATALOGUE.items() if "regenerate" in cause.actions)

RESET = gettext_noop("Session %(session)s is left alone: its generation failed; reset it instead.")
ON_ITS_WAY = gettext_noop("Session %(session)s is left alone: it is %(status)s, so its audio is still to come.")
NO_STATUS = gettext_noop(
    "Session %(session)s is left alone: only completed sessions are regenerated (it is %(status)s)."
)
WHOLE = gettext_noop("Session %(session)s is left alone: its audio is whole, there is nothing to regenerate.")
WELL = gettext_noop(
    "Session %(session)s is left alone: its file is well; what keeps it from its listener is its delivery "
    "or what the host’s API says, which its page names."
)
RELINK = gettext_noop(
    "Session %(session)s is left alone: its file lies elsewhere in the audio folder; relink it instead."
)
UNREADABLE = gettext_noop(
    "Session %(session)s is left alone: its file is there, but rights keep its readers out; "
    "mend the rights of the path that its page names as blocking."
)
NOT_CHECKED = gettext_noop(
    "Session %(session)s is left alone: its file could not be checked, as the audio folder does not answer as it "
    "should; wait until it does."
)
REMOTE = gettext_noop(
    "Session %(session)s is left alone: its path leads to another server, where this dashboard cannot look."
)
UNSAFE = gettext_noop(
    "Session %(session)s is left alone: its path leads out of the audio folder, or can name no file, so that nobody can "
    "tell whether its audio is lost; have the path in its row corrected first."
)
EXPIRED = gettext_noop(
    "Session %(session)s is left alone: its audio was cleared away on purpose, when its time was over."
)
SETTLING = gettext_noop(
    "Session %(session)s is left alone: it, or its file, changed less than a minute ago; wait, then look again."
)
NOT_JUDGED = gettext_noop(
    "Session %(session)s is left alone: no pass has looked at it as it is now; wait for the next one."
)

INSTEAD = {
    "storage.unavailable": NOT_CHECKED,
    "path.remote": REMOTE,
    "path.unsafe": UNSAFE,
    "file.misplaced": RELINK,
    "file.unreadable": UNREADABLE,
    "record.half_committed": outlook.WHOLE_FILE,
    "record.status_lagging": outlook.WHOLE_FILE,
}
OF_STATES = {State.OK: WHOLE, State.EXPIRED: EXPIRED, State.SETTLING: SETTLING}


def refusal_by_status(status: str) -> str:
    """Return why a session with this status is left alone; '' for a completed one."""
    if status == "completed":
        return ""
    return RESET if status == "failed" else ON_ITS_WAY if status in ("pending", "generating") else NO_STATUS


def refusals_of_last_pass(keys: Iterable[str]) -> Mapping[str, str]:
    """Return key -> why it is left alone, by what the last pass found; '' where its audio is lost or spoiled."""
    found: dict[str, str] = {}
    for part in parts(keys):
        rows = SessionEntry.objects.filter(key__in=part, gone_at=None)
        for key, state, verdict, cause in rows.values_list("key", "state", "verdict", "cause"):
            found[key] = _refusal(state, verdict, cause)
    return found


def refusal(diagnosis: Diagnosis) -> str:
    """Return why a session is left alone, by a live look at it; '' where its audio is lost or spoiled."""
    return _refusal(diagnosis.state, diagnosis.verdict, diagnosis.cause or "")


def _refusal(state: str, verdict: str, cause: str) -> str:
    if cause in LOST:
        return ""
    if cause in INSTEAD:
        return INSTEAD[cause]
    if state in OF_STATES:
        return OF_STATES[State(state)]
    if cause and CATALOGUE[cause].family in ("delivery", "client"):
        return WELL
    return WHOLE if verdict == Verdict.PLAYABLE else NOT_JUDGED
