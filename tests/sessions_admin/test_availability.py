"""What the host reads: JSON with an ETag for anybody, no names and no reasons, whatever database is down."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries, Settings

from config.env import BASE_DIR
from sessions_admin import availability_file, pausing
from sessions_admin.actors import By
from tests.conftest import signed_in
from tests.sessions_admin.pausing import CHINESE, ENGLISH, REASON, begun, terms

pytestmark = pytest.mark.django_db
ADDRESS = "/api/v1/availability"
REVIEW = datetime(2026, 11, 24, 10, 0, tzinfo=UTC)
AVAILABLE = {
    "available": True, "since": None, "review_at": None, "message": None, "contact": None, "fallback": None,
}  # fmt: skip
# Asked of the product as it starts, in a process of its own: no test's database is in its way.
ASKING = f"""
import django, os
django.setup()
from django.test import Client
client = Client()
client.cookies["sessionid"] = "somebody"
answer = client.get("{ADDRESS}")
print(answer.status_code, answer.headers.get("X-Availability-Source"), answer.content.decode())
"""


def test_nothing_is_paused(client: Client, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    with django_assert_num_queries(1):
        answer = client.get(ADDRESS)
    assert answer.json() == {"long_sequences": AVAILABLE, "version": answer.json()["version"]}
    assert answer["Content-Type"] == "application/json"
    assert answer["Cache-Control"] == "public, max-age=5"
    assert "Cookie" not in answer.get("Vary", "")


def test_a_pause_is_told_without_names_and_reasons(client: Client, cast: dict[str, User], settings: Settings) -> None:
    settings.TIME_ZONE = "Asia/Shanghai"
    texts = {"text_en": "Paused; more by {time}.", "text_zh": "暂停，{time} 前更新。"}
    at = datetime(2026, 11, 24, 6, 0, 0, 123, tzinfo=UTC)
    pause = begun(cast["eve"], due=REVIEW, at=at, **texts)
    pausing.revise(pause.seen, terms(REVIEW, **texts), By(cast["ada"], "other-secret", ""), timezone.now())
    answer = client.get(ADDRESS)
    assert answer.json()["long_sequences"] == {
        "available": False,
        "since": "2026-11-24T06:00:00+00:00",
        "review_at": "2026-11-24T10:00:00+00:00",
        "message": {
            "en": "Paused; more by 18:00 on 24 Nov (UTC+8).",
            "zh-hans": "暂停，11 月 24 日 18:00（北京时间）前更新。",
        },
        "contact": "support@example.com",
        "fallback": "60_second_audio",
    }
    text = answer.content.decode()
    assert [word for word in (REASON, "other-secret", "eve", "ada", "10.0.0.1") if word in text] == []


def test_who_has_it_gets_a_304_until_it_changes(client: Client, cast: dict[str, User]) -> None:
    first = client.get(ADDRESS)
    again = client.get(ADDRESS, headers={"If-None-Match": first["ETag"]})
    assert (again.status_code, again.content, again["ETag"]) == (304, b"", first["ETag"])
    assert again["Cache-Control"] == first["Cache-Control"]
    assert client.get(ADDRESS, headers={"If-None-Match": f"W/{first['ETag']}"}).status_code == 304
    begun(cast["eve"])
    changed = client.get(ADDRESS, headers={"If-None-Match": first["ETag"]})
    assert (changed.status_code, changed.json()["long_sequences"]["available"]) == (200, False)
    head = client.head(ADDRESS, headers={"If-None-Match": first["ETag"]})
    assert (head.status_code, head.content, head["ETag"]) == (200, b"", changed["ETag"])
    assert client.head(ADDRESS, headers={"If-None-Match": head["ETag"]}).status_code == 304


def test_a_zipped_answer_can_be_asked_for_again(client: Client, cast: dict[str, User]) -> None:
    begun(cast["eve"], text_en="Long audio is paused. " * 20)  # with what is added at random it is still shorter
    zipped = client.get(ADDRESS, headers={"Accept-Encoding": "gzip"})
    assert zipped["Content-Encoding"] == "gzip"
    again = client.get(ADDRESS, headers={"Accept-Encoding": "gzip", "If-None-Match": zipped["ETag"]})
    assert again.status_code == 304


def test_nothing_but_looking_is_answered(cast: dict[str, User]) -> None:
    for client in (Client(enforce_csrf_checks=True), signed_in(cast["ada"])):
        assert client.post(ADDRESS).status_code == 405


def test_it_is_told_while_the_hosts_database_is_down(
    client: Client, eve: Client, cast: dict[str, User], settings: Settings
) -> None:
    settings.HOST_DATABASE_URL = settings.HOST_WRITE_DATABASE_URL = "postgres://nobody@127.0.0.1:1/nowhere"
    posted = {
        "reason": "all is down", "review": "1h", "text_en": ENGLISH, "text_zh": CHINESE, "contact": "support",
    }  # fmt: skip
    assert eve.post("/pause/switch/", posted).status_code == 302
    assert client.get(ADDRESS).json()["long_sequences"]["available"] is False
    assert eve.get("/pause/").status_code == 200


def asked_without_databases(file: Path) -> str:
    nowhere = "postgres://nobody@127.0.0.1:1/nowhere"
    values = {
        "PATH": os.environ["PATH"], "ENV_FILE": os.devnull, "SECRET_KEY": "x" * 50, "ALLOWED_HOSTS": "testserver",
        "HTTPS": "off", "DJANGO_SETTINGS_MODULE": "config.settings", "DATABASE_URL": nowhere,
        "HOST_DATABASE_URL": nowhere, "AVAILABILITY_FILE": str(file),
    }  # fmt: skip
    asked = [sys.executable, "-W", "ignore", "-c", ASKING]
    return subprocess.run(asked, cwd=BASE_DIR, env=values, capture_output=True, text=True, check=True).stdout


def test_without_our_own_database_the_file_speaks_else_it_says_so(
    cast: dict[str, User], settings: Settings, tmp_path: Path
) -> None:
    file = tmp_path / "availability.json"
    settings.AVAILABILITY_FILE = str(file)
    begun(cast["eve"])
    assert availability_file.write_now() == ""
    status, source, text = asked_without_databases(file).split(" ", 2)
    assert (status, source, json.loads(text)) == ("200", "file", json.loads(file.read_text()))
    file.write_text(file.read_text()[:100])
    status, _source, text = asked_without_databases(file).split(" ", 2)
    assert (status, json.loads(text)["error"]) == ("503", "availability_unknown")
