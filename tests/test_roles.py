"""The matrix: every address of the product, every method, every role and nobody, with the answer that each must get.

An address without a row here fails the first test: who may do what is decided when a page is written, and seen here.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import transaction
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver
from django.utils import timezone

from diagnostics.models import Episode, Incident, Pass, SessionEntry
from sessions_admin.models import ActionPlan, AuditEntry, Channel, HeldFile, Notification, Run, Silence
from tests.conftest import signed_in
from tests.host_database import HostDatabase

pytestmark = pytest.mark.django_db

METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")
EVERYONE = {"sam", "eve", "max", "ada"}
LOOKING = {"sam", "eve", "ada"}
AUDITING = {"eve", "ada"}
MENDING = {"eve", "ada"}
ADMINISTERING = {"ada"}
SAFE = {"GET": 200, "HEAD": 200}
LEADING = {"GET": 302, "HEAD": 302, "POST": 422}


@dataclass(frozen=True, slots=True)
class Row:
    """One address: who may see it, and what those get by method; all other methods answer 405 to everyone signed in."""

    address: str
    may: set[str]
    answers: dict[str, int] = field(default_factory=lambda: SAFE)


MATRIX = {
    "": Row("/", EVERYONE),
    "overview/panels/": Row("/overview/panels/", EVERYONE),
    "passes/": Row("/passes/", LOOKING),
    "passes/panels/": Row("/passes/panels/", LOOKING),
    "passes/<int:number>/": Row("/passes/1/", LOOKING),
    "file-findings/": Row("/file-findings/", LOOKING),
    "sessions/": Row("/sessions/", LOOKING),
    "sessions/<key:key>": Row("/sessions/5", LOOKING),
    # Without htmx it leads to the session's page.
    "examinations/<key:key>": Row("/examinations/5", LOOKING, {"GET": 302, "HEAD": 302}),
    "incidents/": Row("/incidents/", LOOKING),
    "incidents/<int:number>/": Row("/incidents/1/", LOOKING),
    # Whose file is listened to, its page shows.
    "listenings/<key:key>": Row("/listenings/5", LOOKING, {"POST": 302}),
    # An empty text is refused; by its address alone a report leads to the session's page.
    "player-errors/": Row("/player-errors/", LOOKING, {**SAFE, "POST": 422}),
    "client-reports/<key:key>": Row("/client-reports/5", LOOKING, {"GET": 302, "HEAD": 302, "POST": 422}),
    "resources/": Row("/resources/", LOOKING),
    "resources/panels/": Row("/resources/panels/", LOOKING),
    "rates/": Row("/rates/", EVERYONE),
    "rates/export.csv": Row("/rates/export.csv", EVERYONE),
    # A POST without a valid plan shows the preview again.
    "sessions-admin/reset/<key:key>": Row("/sessions-admin/reset/5", LOOKING, {**SAFE, "POST": 422}),
    # A POST without a note shows the form again; to take back what is not handled changes nothing, and leads to the page.
    "sessions-admin/handle/<key:key>": Row("/sessions-admin/handle/5", MENDING, {**SAFE, "POST": 422}),
    "sessions-admin/unhandle/<key:key>": Row("/sessions-admin/unhandle/5", MENDING, {"POST": 302}),
    "incidents/<int:number>/handle": Row("/incidents/1/handle", MENDING, {**SAFE, "POST": 422}),
    "incidents/<int:number>/unhandle": Row("/incidents/1/unhandle", MENDING, {"POST": 302}),
    # A POST that chooses nothing makes no plan; one without a reason shows the plan again.
    "plans/": Row("/plans/", MENDING, {"POST": 422}),
    "plans/<slug:operation>/": Row("/plans/planned/", MENDING, {**SAFE, "POST": 422}),
    "runs/": Row("/runs/", MENDING),
    "runs/<slug:operation>/": Row("/runs/run/", MENDING),
    "runs/<slug:operation>/abort/": Row("/runs/run/abort/", MENDING, {"POST": 302}),
    # A POST without a name shows the form again; what is not there is not found, whoever asks.
    "alerts/channels/": Row("/alerts/channels/", EVERYONE),
    "alerts/channels/new/": Row("/alerts/channels/new/", ADMINISTERING, {**SAFE, "POST": 422}),
    "alerts/channels/<int:number>/": Row("/alerts/channels/1/", ADMINISTERING, {**SAFE, "POST": 422}),
    "alerts/channels/<int:number>/test/": Row("/alerts/channels/1/test/", ADMINISTERING, {"POST": 302}),
    "alerts/channels/<int:number>/switch/": Row("/alerts/channels/1/switch/", ADMINISTERING, {"POST": 302}),
    "alerts/channels/<int:number>/remove/": Row("/alerts/channels/1/remove/", ADMINISTERING, {"POST": 302}),
    "alerts/notifications/<int:number>/again/": Row("/alerts/notifications/1/again/", ADMINISTERING, {"POST": 302}),
    "alerts/silences/": Row("/alerts/silences/", MENDING, {**SAFE, "POST": 422}),
    "alerts/silences/<int:number>/end/": Row("/alerts/silences/1/end/", MENDING, {"POST": 302}),
    "alerts/": Row("/alerts/", EVERYONE),
    "alerts/episodes/<int:number>/": Row("/alerts/episodes/1/", EVERYONE),
    "worker/": Row("/worker/", LOOKING),
    # A run that waits for nobody, and an answer without the plan's digest.
    "runs/<slug:operation>/approve/": Row("/runs/run/approve/", ADMINISTERING, {"POST": 422}),
    "runs/<slug:operation>/decline/": Row("/runs/run/decline/", ADMINISTERING, {"POST": 422}),
    "quarantine/": Row("/quarantine/", MENDING),
    "quarantine/<int:number>/": Row("/quarantine/1/", MENDING),
    # An empty form is refused.
    "policies/": Row("/policies/", MENDING),
    "policies/emergency/": Row("/policies/emergency/", MENDING, {**SAFE, "POST": 422}),
    "policies/<slug:name>/": Row("/policies/retention/", MENDING, {**SAFE, "POST": 422}),
    "policies/<slug:name>/decide/": Row("/policies/retention/decide/", MENDING, {**SAFE, "POST": 422}),
    "policies/<slug:name>/look/": Row("/policies/retention/look/", MENDING, {"POST": 302}),
    "policies/<slug:name>/off/": Row("/policies/retention/off/", MENDING, {**SAFE, "POST": 422}),
    "pause/": Row("/pause/", EVERYONE),
    "pause/band/": Row("/pause/band/", EVERYONE),
    # By the address alone they lead to the page; an empty form is refused.
    "pause/switch/": Row("/pause/switch/", MENDING, {"GET": 302, "HEAD": 302, "POST": 422}),
    "pause/end/": Row("/pause/end/", MENDING, {"GET": 302, "HEAD": 302, "POST": 422}),
    "alerts/rules/": Row("/alerts/rules/", EVERYONE),
    "alerts/rules/<slug:name>/": Row("/alerts/rules/failures/", EVERYONE),
    # By the address alone they lead to the rule; an empty form is refused.
    "alerts/rules/<slug:name>/levels/": Row("/alerts/rules/failures/levels/", ADMINISTERING, LEADING),
    "alerts/rules/<slug:name>/recipients/": Row("/alerts/rules/failures/recipients/", ADMINISTERING, LEADING),
    # A marker without a text is refused; one that is not there cannot be taken away, and the list says so.
    "markers/": Row("/markers/", EVERYONE),
    "markers/set/": Row("/markers/set/", MENDING, {"GET": 302, "HEAD": 302, "POST": 422}),
    "markers/<int:number>/take-away/": Row("/markers/1/take-away/", MENDING, {"POST": 302}),
    # An empty form is refused; who has no report cannot end it, and the page says so.
    "report/": Row("/report/", EVERYONE),
    "report/subscribe/": Row("/report/subscribe/", EVERYONE, {"GET": 302, "HEAD": 302, "POST": 422}),
    "report/unsubscribe/": Row("/report/unsubscribe/", EVERYONE, {"POST": 302}),
    "audit/": Row("/audit/", AUDITING),
    "audit/export.<slug:form>": Row("/audit/export.csv", AUDITING),
    "audit/<int:seq>/": Row("/audit/1/", AUDITING),
}
# Django's own pages: what everyone gets, signed in or not.
ANYBODY = {
    "language/": ("/language/", dict.fromkeys(METHODS, 302)),
    # Asked by other machines; the metrics need a token or an address of METRICS_NETWORKS.
    "healthz": ("/healthz", SAFE),
    "readyz": ("/readyz", SAFE),
    "metrics": ("/metrics", {"GET": 403, "HEAD": 403}),
    # What the host reads; it has no login.
    "api/v1/availability": ("/api/v1/availability", SAFE),
    # Without MARKER_TOKEN nobody may.
    "api/v1/markers": ("/api/v1/markers", {"POST": 401}),
}
SIGNED_IN = {
    "login/": (
        "/login/",
        {"GET": 302, "HEAD": 302, "POST": 302, "PUT": 302, "PATCH": 302, "DELETE": 302, "OPTIONS": 302},
    ),
    "logout/": ("/logout/", {"POST": 302, "OPTIONS": 200}),
}
NOBODY = {
    "login/": ("/login/", {"GET": 200, "HEAD": 200, "POST": 200, "PUT": 200, "OPTIONS": 200}),
}


def every_pattern(resolver: URLResolver, before: str = "") -> Iterator[str]:
    for pattern in resolver.url_patterns:
        if isinstance(pattern, URLResolver):
            yield from every_pattern(pattern, before + str(pattern.pattern))
        elif isinstance(pattern, URLPattern):
            yield before + str(pattern.pattern)


@pytest.fixture
def world(host_database: HostDatabase) -> HostDatabase:
    """A failed session 5 that the last pass knows, and pass 1, incident 1, episode 1 and audit entry 1 for the pages of one."""
    now = timezone.now()
    host_database.insert_failed(5)
    SessionEntry.objects.create(
        key="5", listed_at=now, first_seen_at=now, changed_at=now, verdict="broken", state="failed"
    )
    Pass.objects.create(pk=1, started_at=now, heartbeat_at=now, finished_at=now, outcome=Pass.Outcome.COMPLETE)
    life = {"noted_at": now, "opened_at": now, "first_seen_at": now}
    Incident.objects.create(pk=1, shared_hash=1, kind="error", code="generation.disk_full", verdict="broken", **life)
    Episode.objects.create(pk=1, rule="failures", begun_at=now, fired_at=now)
    AuditEntry.objects.create(pk=1, at=now, operation="0" * 32, actor="sam", action="reset", outcome="done")
    for operation in ("planned", "run"):
        told = {"made_by": "eve", "made_at": now, "digest": "0" * 64, "to_do": 1, "to_skip": 0}
        plan = ActionPlan.objects.create(pk=operation, action="reset", **told)
        plan.items.create(number=0, key="5", expectation="do")
    moved = {"moved_at": now, "expires_at": now, "mtime_ns": 1, "device": 1, "inode": 1, "path_hash": 1}
    HeldFile.objects.create(
        pk=1, operation="0" * 32, number=0, path=b"a.wav", shown_path="a.wav", size_bytes=1, **moved
    )
    Run.objects.create(plan=plan, actor="eve", reason="why", queued_at=now)
    made = {"made_at": now, "made_by": "ada"}
    channel = Channel.objects.create(pk=1, name="on call", kind="mail", target="ops@example.com", **made)
    Notification.objects.create(pk=1, kind="test", key="test-1", channel=channel, made_at=now, next_at=now)
    Silence.objects.create(pk=1, rule="failures", reason="why", ends_at=now + timedelta(hours=1), **made)
    return host_database


@contextmanager
def undone() -> Iterator[None]:
    """Undo what is written to our database meanwhile."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def answer(client: Client, method: str, address: str) -> Any:
    return client.generic(method, address)


def test_every_address_has_a_row() -> None:
    listed = {*MATRIX, *ANYBODY, *SIGNED_IN}
    found = set(every_pattern(get_resolver()))
    assert found - listed == set(), "who may see these addresses?"
    assert listed - found == set(), "these addresses are gone"


@pytest.mark.parametrize("pattern", MATRIX)
def test_each_role_gets_its_answer(pattern: str, cast: dict[str, User], world: HostDatabase) -> None:
    row, got, wanted = MATRIX[pattern], {}, {}
    for who in sorted(EVERYONE):
        with undone():  # nobody meets what another did
            client = signed_in(cast[who])
            got[who] = {method: answer(client, method, row.address).status_code for method in METHODS}
        allowed = row.answers if who in row.may else dict.fromkeys(row.answers, 403)
        wanted[who] = {method: allowed.get(method, 405) for method in METHODS}
    assert got == wanted


def test_nobody_is_sent_to_the_login(client: Client, world: HostDatabase) -> None:
    for row in MATRIX.values():
        for method in METHODS:
            response = answer(client, method, row.address)
            told = (row.address, method, response.status_code, response["Location"])
            assert told == (row.address, method, 302, f"/login/?next={row.address}")


def test_a_person_without_a_role_sees_nothing(db: None, world: HostDatabase) -> None:
    client = signed_in(User.objects.create_user("newcomer"))
    got = {row.address: answer(client, next(iter(row.answers)), row.address).status_code for row in MATRIX.values()}
    assert got == dict.fromkeys(got, 403)


def test_somebody_who_has_left_is_sent_to_the_login(cast: dict[str, User], world: HostDatabase) -> None:
    client = signed_in(cast["ada"])
    User.objects.filter(username="ada").update(is_active=False)
    got = {row.address: answer(client, "GET", row.address).status_code for row in MATRIX.values()}
    assert got == dict.fromkeys(got, 302)


@pytest.mark.parametrize(("address", "answers"), [*ANYBODY.values(), *SIGNED_IN.values()])
def test_the_logins_own_pages_answer_who_is_signed_in(
    address: str, answers: dict[str, int], cast: dict[str, User]
) -> None:
    for method in METHODS:
        client = signed_in(cast["sam"])
        assert answer(client, method, address).status_code == answers.get(method, 405), method


@pytest.mark.parametrize(("address", "answers"), [*ANYBODY.values(), *NOBODY.values()])
def test_the_logins_own_pages_answer_nobody(address: str, answers: dict[str, int], client: Client, db: None) -> None:
    for method in METHODS:
        assert answer(client, method, address).status_code == answers.get(method, 405), method


def test_what_was_refused_changed_nothing(cast: dict[str, User], world: HostDatabase) -> None:
    before = world.rows()
    for who in (*cast, None):
        client = signed_in(cast[who]) if who else Client()
        for row in MATRIX.values():
            for method in ("POST", "PUT", "PATCH", "DELETE"):  # what looks is tested in test_read_only.py
                answer(client, method, row.address)
    assert world.rows() == before
    told = AuditEntry.objects.exclude(pk=1)
    # Who may stop a run, end a silence, or see to a channel may do so from these addresses alone.
    done = {"run_abort", "silence_end", "channel_test", "channel_switch", "channel_remove"}
    assert {entry.action for entry in told if entry.outcome != "refused"} == done
    refused = {(entry.actor, entry.action) for entry in told if entry.outcome == "refused"}
    deciding = (
        "pause", "pause_end", "handle", "unhandle", "plan", "run_begin", "run_abort", "expire", "policy_propose",
        "policy_approve", "policy_off", "policy_look", "mark", "unmark", "silence", "silence_end",
    )  # fmt: skip
    decided = {(who, action) for who in ("sam", "max") for action in deciding}
    administering = (
        "alert_levels",
        "alert_recipients",
        "channel_add",
        "channel_change",
        "channel_switch",
        "channel_remove",
        "channel_test",
        "notification_again",
    )
    decided |= {(who, action) for who in ("sam", "max", "eve") for action in administering}
    assert refused == {("max", "reset"), *((who, "run_approve") for who in cast), *_declining(cast), *decided}


def _declining(cast: dict[str, User]) -> set[tuple[str, str]]:
    """Ada's form is shown again, for she gave no reason; the others are refused at once."""
    return {(who, "run_decline") for who in cast if who != "ada"}
