"""What the host's own API tells of a session while it is looked at; that it disagrees is only said of a row at rest."""

from __future__ import annotations

from dataclasses import replace

from django.conf import settings
from django.utils import timezone

from diagnostics import sources
from diagnostics.aside import Aside
from diagnostics.budget import Budget
from diagnostics.domain import paths
from diagnostics.domain.facts import SessionRecord
from diagnostics.domain.host_answer import HostAnswer
from diagnostics.domain.paths import Claim
from diagnostics.domain.rules.host_answer import differences
from diagnostics.domain.trouble import Trouble
from diagnostics.host import HostTable
from diagnostics.probes.databases import HostUnavailable
from diagnostics.probes.host_api import ask_status

ANSWER_SECONDS = 1.0
READING_SECONDS = 0.2  # kept back of the budget for the row, read once more
COMPARED = ("status", "path", "size_bytes", "error_message")
INSECURE = ("tls", "certificate_expired", "certificate_name", "certificate_untrusted")
NO_SESSION = ("not_http", "not_json", "no_data")
NAMED = ("timeout", "bad_url", "status", "no_success")  # problems that have a sentence of their own


class LiveAnswer:
    """Asks at once, beside everything else; `settled` waits for the answer, as long as it may, and keeps it."""

    def __init__(self, table: HostTable, record: SessionRecord, claim: Claim, budget: Budget) -> None:
        self.table, self.record, self.claim, self.budget = table, record, claim, budget
        self.troubles: tuple[Trouble, ...] = ()
        self._first = self._ask(budget.at_most(ANSWER_SECONDS)) if settings.HOST_API_URL else None
        self._settled: HostAnswer | None = None

    def settled(self) -> HostAnswer | None:
        """Return the answer; None where no API is named. A row that changed meanwhile is compared with nothing."""
        if self._settled is None and self._first is not None:
            self._settled = self._confirmed(self._of(self._first, self.budget.at_most(ANSWER_SECONDS)))
            self.troubles = _troubles(self._settled)
        return self._settled

    def _confirmed(self, answer: HostAnswer) -> HostAnswer:
        if not self._disagrees(answer):
            return answer
        answer = self._once_more(answer)
        is_unsure = self._disagrees(answer) and not self._is_at_rest()
        return replace(answer, problem="changed") if is_unsure else answer

    def _disagrees(self, answer: HostAnswer) -> bool:
        return answer.knows_no_session or bool(differences(self.record, self.claim, answer))

    def _ask(self, seconds: float) -> Aside[HostAnswer]:
        url, key, columns = settings.HOST_API_URL, self.record.key, settings.HOST_COLUMNS
        return Aside(lambda: ask_status(url, key, seconds=seconds, columns=columns))

    def _once_more(self, first: HostAnswer) -> HostAnswer:
        """Return the second answer where there is time for one, and it tells anything; else the first stands."""
        seconds = self.budget.at_most(ANSWER_SECONDS + READING_SECONDS) - READING_SECONDS
        if seconds <= first.took_seconds:
            return first
        second = self._of(self._ask(seconds), seconds)
        return second if not second.problem or second.knows_no_session else first

    def _of(self, asked: Aside[HostAnswer], seconds: float) -> HostAnswer:
        answer = asked.answer(seconds) or HostAnswer(timezone.now(), "timeout")
        return replace(answer, claim=_understood(answer))

    def _is_at_rest(self) -> bool:
        """Whether the row still says what it said before the API was asked."""
        try:
            row = self.table.rows_of([self.record.key]).get(self.record.key)
        except HostUnavailable:
            return False
        now = self.table.record(row) if row is not None else None
        return now is not None and all(getattr(now, name) == getattr(self.record, name) for name in COMPARED)


def _understood(answer: HostAnswer) -> Claim | None:
    """The path as the client takes it; where the server's origin is not set, the API's own stands for it."""
    if "path" not in answer.told:
        return None
    layout = sources.store_layout()
    return paths.understand(answer.path, replace(layout, base_url=layout.base_url or settings.HOST_API_URL))


def _troubles(answer: HostAnswer) -> tuple[Trouble, ...]:
    """A session that the API does not know is a finding; a row that changed is no trouble."""
    problem = answer.problem
    if problem in ("", "changed") or answer.knows_no_session:
        return ()
    kind = "insecure" if problem in INSECURE else "no_session" if problem in NO_SESSION else "unreachable"
    values = {"http_status": answer.http_status}
    return (Trouble(f"host_api.{problem if problem in NAMED else kind}", answer.detail, values),)
