"""The host's API: does HOST_API_URL answer for a session that is in the host's table."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from datetime import datetime

from django.conf import settings
from django.db import DatabaseError

from diagnostics.doctor.check import Check, error, ok, unknown
from diagnostics.domain.host_answer import HostAnswer
from diagnostics.domain.wording.formatting import safe
from diagnostics.host import HostSchemaError, open_host
from diagnostics.host_values import key_of
from diagnostics.models import SessionEntry
from diagnostics.probes.databases import HostUnavailable
from diagnostics.probes.host_api import ask_status
from diagnostics.sources import host_source

NAME = "host.api"
SECONDS = 5.0
WRONG_PLACE = (
    "Set HOST_API_URL to where the client's calls begin: /api/music/long_sequence_status/ID must answer behind it."
)
ADVICE = {
    "bad_url": "HOST_API_URL has to be an address without a login in it, such as https://app.example.com.",
    "no_name": "No address belongs to this name: check HOST_API_URL, and this machine's resolver.",
    "refused": "Nothing listens there: check host and port of HOST_API_URL, and that the host runs.",
    "timeout": "It is slow or hangs: sessions are shown without its answer after one second.",
    "tls": "This port speaks no TLS that this machine can: check https:// in HOST_API_URL.",
    "certificate_expired": "Renew the certificate of the host: its clients refuse it as well.",
    "certificate_name": "The certificate is for another name: use the name that the client uses.",
    "certificate_untrusted": "This machine does not trust who signed the certificate: add that authority to its own.",
    "not_http": WRONG_PLACE,
    "not_json": WRONG_PLACE,
    "no_success": "The call itself fails: read the host's log.",
    "no_data": 'The call should answer {"success": true, "data": {…}} with the names of the table\'s columns.',
}
OF_STATUS = {
    401: "The call asks for a login, which the dashboard does not have: let this machine ask without one.",
    403: "The host refuses this machine: let it ask as a client may.",
    404: WRONG_PLACE,
}
UNREACHED = "Check that this machine may connect to the host's web server, and that it runs."


def check_host_api(_now: datetime) -> Iterator[Check]:
    if not settings.HOST_API_URL:
        return
    key = _some_key()
    if key is None:
        yield unknown(NAME, "not tried: no session is known to ask for", "Try again when the host has one.")
        return
    answer = ask_status(settings.HOST_API_URL, key, seconds=SECONDS, columns=settings.HOST_COLUMNS)
    if answer.problem:
        yield error(NAME, f"session {safe(key)}: {_problem(answer)}", _advice(answer))
    else:
        told = f"tells {', '.join(sorted(answer.told))}"
        yield ok(NAME, f"answers for session {safe(key)} in {answer.took_seconds * 1000:.0f} ms, {told}")


def _problem(answer: HostAnswer) -> str:
    named = f"HTTP {answer.http_status}" if answer.problem == "status" else answer.problem.replace("_", " ")
    return f"{named} ({answer.detail})" if answer.detail else named


def _advice(answer: HostAnswer) -> str:
    if answer.problem != "status" or answer.http_status is None:
        return ADVICE.get(answer.problem, UNREACHED)
    is_redirect = 300 <= answer.http_status < 400
    return OF_STATUS.get(answer.http_status, WRONG_PLACE if is_redirect else ADVICE["no_success"])


def _some_key() -> object:
    """A session of the host's table as it is now, else of the index; None where neither tells of one."""
    try:
        key = _key_in_table()
    except (HostUnavailable, HostSchemaError):
        key = None
    return key if key is not None else _key_in_index()


def _key_in_table() -> object:
    table = open_host(host_source(timeout_seconds=SECONDS))
    with closing(table.connection):
        taken = next((key for key, _created in table.newest_picked_up(1)), None)
        if taken is not None:
            return taken
        return next((key_of(row[0]) for row in table.waiting_and_generating(1)), None)


def _key_in_index() -> str | None:
    try:
        return SessionEntry.objects.filter(gone_at=None).order_by("-listed_at").values_list("key", flat=True).first()
    except DatabaseError:
        return None
