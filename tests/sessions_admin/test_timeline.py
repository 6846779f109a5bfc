"""A session's timeline tells what people did to it, among what passes saw."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from sessions_admin.actions.results import Kind
from sessions_admin.models import AuditEntry
from tests.host_database import HostDatabase
from tests.sessions_admin.conftest import Door, planned

pytestmark = pytest.mark.django_db
FRAGMENT = {"HX-Request": "true"}


def timeline(client: Client, key: str = "5") -> str:
    text = client.get(f"/examinations/{key}", headers=FRAGMENT).content.decode()
    return text[text.index('id="timeline-title"') :]


def add(**values: Any) -> AuditEntry:
    told: dict[str, Any] = {"at": timezone.now(), "operation": "o", "actor": "sam", "action": "reset", "session": "5"}
    return AuditEntry.objects.create(**{**told, **values})


def test_a_reset_is_told_once_with_who_and_why(sam: Client, host_database: HostDatabase, door: Door) -> None:
    host_database.insert_failed(5)
    door(planned(), reason="the user asked <b>twice</b>")
    told = timeline(sam)
    assert told.count("sam: Reset") == 1
    assert "done · the user asked &lt;b&gt;twice&lt;/b&gt;" in told


def test_an_open_intent_and_a_refusal_are_told(sam: Client, host_database: HostDatabase) -> None:
    host_database.insert_failed(5)
    add(is_intent=True, outcome=Kind.INTENT, reason="interrupted")
    add(operation="p", outcome=Kind.REFUSED, actor="max", reason="not mine to do")
    told = timeline(sam)
    assert "intent · interrupted" in told
    assert "max: Reset" in told
    assert "refused · not mine to do" in told


def test_what_was_done_to_others_is_not(sam: Client, host_database: HostDatabase) -> None:
    host_database.insert_failed(5)
    add(session="55", outcome=Kind.DONE, reason="of another")
    assert "of another" not in timeline(sam)


def test_it_stands_in_the_order_of_time(sam: Client, host_database: HostDatabase) -> None:
    host_database.insert_failed(5)
    now = timezone.now()
    add(at=now - timedelta(days=2), outcome=Kind.DONE, reason="the earlier one")
    add(at=now - timedelta(days=1), operation="p", outcome=Kind.DONE, reason="the later one")
    told = timeline(sam)
    assert told.index("the later one") < told.index("the earlier one")


def test_it_is_told_in_chinese(sam: Client, host_database: HostDatabase) -> None:
    host_database.insert_failed(5)
    add(outcome=Kind.DONE, reason="用户要求")
    sam.cookies["language"] = "zh-hans"
    told = timeline(sam)
    assert "sam：" in told
    assert "用户要求" in told
