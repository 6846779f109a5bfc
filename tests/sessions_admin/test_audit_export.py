"""The audit as a file: what the filters list, harmless in a spreadsheet, for whoever may see the audit."""

from __future__ import annotations

import csv
import io
import json
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from diagnostics.csv_cells import FORMULAS
from sessions_admin.actions import results
from sessions_admin.actions.results import Kind
from sessions_admin.models import AuditEntry

pytestmark = pytest.mark.django_db


def add(**values: Any) -> AuditEntry:
    told: dict[str, Any] = {
        "at": timezone.now(),
        "operation": f"{AuditEntry.objects.count():032}",
        "actor": "sam",
        "action": "reset",
        "session": "5",
        "reason": "the user asked",
        "outcome": Kind.DONE,
    }
    return AuditEntry.objects.create(**{**told, **values})


def fetched(client: Client, address: str) -> str:
    response = client.get(address)
    assert response.status_code == 200
    return b"".join(response.streaming_content).decode()  # type: ignore[attr-defined]


def as_rows(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text)))


def test_csv_holds_every_entry_the_oldest_first(eve: Client) -> None:
    for number in range(120):
        add(session=str(number))
    rows = as_rows(fetched(eve, "/audit/export.csv"))
    assert [row["session"] for row in rows] == [str(number) for number in range(120)]
    assert rows[0]["hash"] == AuditEntry.objects.get(pk=1).hash


@pytest.mark.parametrize("beginning", FORMULAS)
def test_no_cell_is_a_formula(eve: Client, beginning: str) -> None:
    reason = f"{beginning}cmd|' /C calc'!A0"
    add(reason=reason, session=f"{beginning}1")
    (row,) = as_rows(fetched(eve, "/audit/export.csv"))
    assert (row["reason"], row["session"]) == (f"'{reason}", f"'{beginning}1")


def test_commas_quotes_and_lines_stay_in_their_cell(eve: Client) -> None:
    reason = 'a, "b"\nc; 中文'
    add(reason=reason, before={"error_message": "=1+1\n,x"})
    (row,) = as_rows(fetched(eve, "/audit/export.csv"))
    assert row["reason"] == reason
    assert json.loads(row["before"]) == {"error_message": "=1+1\n,x"}


def test_json_lines_hold_the_same(eve: Client) -> None:
    add(message=results.READ_ONLY, outcome=Kind.FAILED, after={"status": "pending"})
    (line,) = fetched(eve, "/audit/export.jsonl").splitlines()
    told = json.loads(line)
    assert (told["sentence"], told["after"], told["outcome"]) == (results.READ_ONLY, {"status": "pending"}, "failed")
    assert line.isascii()


@pytest.mark.parametrize("query", ["actor=ada", "session=7", "outcome=refused"])
def test_the_lists_filters_hold_for_the_file(eve: Client, query: str) -> None:
    add()
    add(actor="ada", session="7", outcome=Kind.REFUSED)
    assert [row["actor"] for row in as_rows(fetched(eve, f"/audit/export.csv?{query}"))] == ["ada"]
    assert f"/audit/export.csv?{query}" in eve.get(f"/audit/?{query}").content.decode()


def test_days_are_a_filter(eve: Client) -> None:
    now = timezone.now()
    old, new = add(at=now - timedelta(days=3), reason="an old one"), add(at=now, reason="a new one")
    today, before = now.date(), (now - timedelta(days=2)).date()
    assert [row["seq"] for row in as_rows(fetched(eve, f"/audit/export.csv?since={before}"))] == [str(new.seq)]
    assert [row["seq"] for row in as_rows(fetched(eve, f"/audit/export.csv?until={before}"))] == [str(old.seq)]
    listed = eve.get(f"/audit/?since={today}&until={today}").content.decode()
    assert "a new one" in listed
    assert "an old one" not in listed
    assert "an old one" in eve.get("/audit/?since=nonsense").content.decode()


def test_only_who_may_see_the_audit_gets_it(sam: Client, max_: Client, ada: Client, client: Client) -> None:
    for form in ("csv", "jsonl"):
        address = f"/audit/export.{form}"
        assert [who.get(address).status_code for who in (sam, max_, ada, client)] == [403, 403, 200, 302]
        assert ada.post(address).status_code == 405
    assert ada.get("/audit/export.exe").status_code == 404
