"""What other machines ask: alive, ready, and the metrics for who may have them."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries, Settings

from diagnostics.models import RecurringTask
from diagnostics.notes import WORKER
from diagnostics.snapshot import make_snapshot

TOKEN = "a-token-of-twenty-characters-or-more"


def test_being_alive_asks_no_database(
    client: Client, db: None, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_num_queries(0):
        response = client.get("/healthz")
    assert (response.status_code, response.content) == (200, b"ok\n")


def test_ready_says_how_fresh_it_all_is(client: Client, db: None) -> None:
    now = timezone.now()
    assert client.get("/readyz").json() == {
        "ready": True, "database": "answers", "worker": "silent", "figures_age_seconds": None,
    }  # fmt: skip
    make_snapshot(now - timedelta(seconds=30))
    RecurringTask.objects.create(name=WORKER, next_at=now, finished_at=now, lease_until=now + timedelta(seconds=40))
    told = client.get("/readyz").json()
    assert told["worker"] == "alive"
    assert told["figures_age_seconds"] == pytest.approx(30, abs=5)


def test_probes_are_answered_by_plain_http_where_people_are_redirected(
    client: Client, db: None, settings: Settings
) -> None:
    settings.SECURE_SSL_REDIRECT = True
    assert client.get("/healthz").status_code == client.get("/readyz").status_code == 200
    assert client.get("/login/").status_code == 301


def test_metrics_are_for_nobody_where_nothing_is_set(client: Client, db: None) -> None:
    response = client.get("/metrics")
    assert response.status_code == 403
    assert b"METRICS_TOKEN" in response.content


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        (f"Bearer {TOKEN}", 200), (f"bearer {TOKEN}", 200), (f"Bearer {TOKEN}x", 403), ("Bearer ", 403), (TOKEN, 403),
        (f"Basic {TOKEN}", 403), ("Bearer \xe9", 403),
    ],
)  # fmt: skip
def test_the_token_opens_them(client: Client, db: None, settings: Settings, sent: str, status: int) -> None:
    settings.METRICS_TOKEN = TOKEN
    response = client.get("/metrics", headers={"Authorization": sent})
    assert response.status_code == status
    assert response["Content-Type"].startswith("text/plain")


@pytest.mark.parametrize(("networks", "status"), [(["127.0.0.0/8"], 200), (["::1/128", "10.0.0.0/8"], 403)])
def test_so_does_an_address(client: Client, db: None, settings: Settings, networks: list[str], status: int) -> None:
    settings.METRICS_NETWORKS = networks
    assert client.get("/metrics").status_code == status


def test_an_address_that_the_client_made_up_does_not(client: Client, db: None, settings: Settings) -> None:
    settings.METRICS_NETWORKS = ["10.0.0.0/8"]
    assert client.get("/metrics", headers={"X-Forwarded-For": "10.0.0.1"}).status_code == 403


def test_a_wrong_token_is_not_mended_by_the_address(client: Client, db: None, settings: Settings) -> None:
    settings.METRICS_TOKEN, settings.METRICS_NETWORKS = TOKEN, ["127.0.0.0/8"]
    assert client.get("/metrics", headers={"Authorization": "Bearer wrong"}).status_code == 403
