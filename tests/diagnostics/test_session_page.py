"""The page of one session: at once what the last pass knew, then the live examination, and honest where neither knows."""

from __future__ import annotations

import struct
from datetime import timedelta
from pathlib import Path

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from pytest_django import Settings

from diagnostics.models import Finding, SessionEntry, SessionEvent
from tests.conftest import signed_in
from tests.host_database import HostDatabase

pytestmark = pytest.mark.django_db

NAME = "long_sequence_7_20261120_100200.wav"
FRAGMENT = {"HX-Request": "true"}
SECOND = 8_000


def page(key: int | str) -> str:
    return reverse("diagnostics:session_detail", args=[key])


def fragment(key: int | str) -> str:
    return reverse("diagnostics:examination", args=[key])


def text_of(client: Client, address: str, **headers: str) -> str:
    return client.get(address, headers=headers).content.decode()


def examined(client: Client, key: int | str) -> str:
    return text_of(client, fragment(key), **FRAGMENT)


def indexed(key: str = "5", **values: object) -> SessionEntry:
    """A session as a pass left it in the index."""
    now = timezone.now()
    given = {"verdict": "broken", "state": "failed", "cause": "generation.disk_full", "status": "failed", **values}
    return SessionEntry.objects.create(key=key, listed_at=now, first_seen_at=now, changed_at=now, **given)


def hours_ago(hours: int) -> str:
    """A time as the host writes it: naive, in the zone that the settings of tests name (UTC)."""
    return f"{timezone.now() - timedelta(hours=hours):%Y-%m-%d %H:%M:%S}"


def write_whole_file(settings: Settings, seconds: int = 60) -> None:
    data = b"\1\0" * (SECOND // 2) * seconds
    head = (
        b"RIFF" + struct.pack("<I", 36 + len(data)) + b"WAVEfmt " + struct.pack("<IHHIIHH", 16, 1, 1, 4000, 8000, 2, 16)
    )
    Path(settings.AUDIO_ROOT, NAME).write_bytes(head + b"data" + struct.pack("<I", len(data)) + data)


def insert_completed(host_database: HostDatabase, **values: object) -> None:
    row: dict[str, object] = {
        "status": "completed",
        "created_at": hours_ago(2),
        "updated_at": hours_ago(1),
        "total_duration_minutes": 1,
        "progress_percentage": 100,
        "final_file_path": f"/static/generated_music/long_sequences/{NAME}",
    }
    host_database.insert(7, **{**row, **values})


def test_it_shows_at_once_what_the_last_pass_knew_and_asks_for_the_rest(
    sam: Client, host_database: HostDatabase
) -> None:
    host_database.insert_failed()
    indexed()
    text = text_of(sam, page(5))
    assert "Disk was full" in text
    assert "What the last pass knew" in text
    assert f'hx-get="{fragment(5)}"' in text
    assert "Examined live" not in text


def test_the_fragment_examines_live(sam: Client, host_database: HostDatabase) -> None:
    host_database.insert_failed()
    indexed(cause="generation.unexplained")
    text = examined(sam, 5)
    assert "<html" not in text
    assert "Examined live" in text
    assert "Generation failed because the disk was full" in text
    assert "It broke here" in text
    assert "generation.unexplained" not in text


def test_it_is_examined_at_once_where_asked_or_where_no_pass_knows_it(sam: Client, host_database: HostDatabase) -> None:
    host_database.insert_failed()
    assert "Examined live" in text_of(sam, page(5))
    indexed()
    assert "Examined live" in text_of(sam, f"{page(5)}?examine=1")


def test_a_session_in_order_says_that_its_file_is_whole(
    sam: Client, host_database: HostDatabase, settings: Settings
) -> None:
    settings.PUBLIC_BASE_URL = "http://music.example"
    write_whole_file(settings)
    insert_completed(host_database)
    text = examined(sam, 7)
    assert "The audio is there and whole: 1 min, 480 KB." in text
    assert "RIFF · 4,000 Hz · 16 bit · mono" in text
    assert "http://music.example/static/generated_music/long_sequences/" in text


def test_without_htmx_the_fragment_leads_to_the_page(sam: Client, host_database: HostDatabase) -> None:
    host_database.insert_failed()
    answer = sam.get(fragment(5))
    assert (answer.status_code, answer["Location"]) == (302, f"{page(5)}?examine=1")


@pytest.mark.parametrize("address", [page("5"), fragment("5")])
def test_it_refuses_the_wrong_role_nobody_and_the_wrong_method(
    address: str, cast: dict[str, User], host_database: HostDatabase
) -> None:
    host_database.insert_failed()
    assert signed_in(cast["max"]).get(address, headers=FRAGMENT).status_code == 403
    assert Client().get(address).status_code == 302
    assert signed_in(cast["sam"]).post(address).status_code == 405


def test_an_unknown_id_is_a_404_that_offers_the_search(sam: Client, host_database: HostDatabase) -> None:
    answer = sam.get(page("no/such <b>"))
    assert answer.status_code == 404
    text = answer.content.decode()
    assert "There is no session no/such &lt;b&gt; in the host’s table." in text
    assert "?q=no%2Fsuch%20%3Cb%3E" in text


def test_a_silent_host_leaves_what_the_last_pass_knew(sam: Client, host_database: HostDatabase, tmp_path: Path) -> None:
    indexed(error_head="No space left")
    (tmp_path / "host.sqlite3").unlink()
    text = examined(sam, 5)
    assert "did not answer, so this session could not be examined" in text
    assert "Disk was full" in text
    assert "No space left" in text


def test_a_silent_host_and_an_unknown_id_are_not_a_404(
    sam: Client, host_database: HostDatabase, tmp_path: Path
) -> None:
    (tmp_path / "host.sqlite3").unlink()
    answer = sam.get(page(5))
    assert answer.status_code == 503
    assert "Whether it exists is not known." in answer.content.decode()


def test_a_row_that_is_gone_is_told_as_gone(sam: Client, host_database: HostDatabase) -> None:
    indexed(gone_at=timezone.now())
    text = examined(sam, 5)
    assert "The host’s table holds this session no longer." in text
    assert "Row no longer in the host’s table" in text


def test_reset_is_offered_to_who_may_and_only_where_it_helps(
    cast: dict[str, User], host_database: HostDatabase, settings: Settings
) -> None:
    host_database.insert_failed()
    write_whole_file(settings)
    insert_completed(host_database)
    client = signed_in(cast["sam"])
    assert reverse("sessions_admin:reset_session", args=["5"]) in examined(client, 5)
    assert "Reset to pending" not in examined(client, 7)
    cast["sam"].groups.get().permissions.remove(*cast["sam"].groups.get().permissions.filter(codename="reset_session"))
    assert "Reset to pending" not in examined(signed_in(cast["sam"]), 5)


def test_null_blank_and_missing_columns_are_told_apart(sam: Client, host_database: HostDatabase) -> None:
    host_database.run("ALTER TABLE long_sequence_sessions DROP COLUMN scene_id")
    row = {"status": "failed", "created_at": hours_ago(2), "updated_at": hours_ago(1), "error_message": "boom"}
    host_database.insert(5, **row, generation_mode=" ")
    text = examined(sam, 5)
    assert '<span class="nothing">NULL</span>' in text
    assert "no such column" in text
    assert "&#x27; &#x27;" in text


def test_secrets_and_markup_of_the_host_are_harmless(sam: Client, host_database: HostDatabase) -> None:
    error = "GET https://cdn.example.cn/a.wav?e=1759046400&token=abc:def= <script>alert(1)</script> password='hunter22'"
    host_database.insert_failed(error_message=error, final_file_path="/static/a.wav?token=qwertz")
    text = examined(sam, 5)
    for secret in ("abc:def", "1759046400", "hunter22", "qwertz"):
        assert secret not in text
    assert "<script>alert" not in text
    assert "token=[hidden]" in text


def test_a_megabyte_of_error_text_is_cut_at_both_ends(sam: Client, host_database: HostDatabase) -> None:
    host_database.insert_failed(error_message="Traceback\n" + "x y\n" * 250_000 + "ValueError: the last line")
    text = examined(sam, 5)
    assert len(text) < 120_000
    assert "its first and last 16 KiB" in text
    assert "the middle is left out" in text
    assert "ValueError: the last line" in text


@pytest.mark.parametrize("status", ["failed", "completed", "pending", "generating", "", "\x1b[31m<b>"])
def test_nonsense_in_every_column_is_shown_and_never_raises(
    sam: Client, host_database: HostDatabase, status: str
) -> None:
    nonsense = {
        "created_at": "yesterday",
        "updated_at": "2025-02-31",
        "completed_at": b"\xff\xfe",
        "final_file_path": "../../etc/passwd\n\x00",
        "final_file_size": "many",
        "progress_percentage": "1e400",
        "total_duration_minutes": -1,
        "user_id": "=cmd()|'<script>'",
        "error_message": b"\xff\xfe broken bytes",
    }
    host_database.insert(5, status=status, **nonsense)
    text = examined(sam, 5)
    assert "Examined live" in text
    assert "<script>'" not in text
    assert "yesterday" in text


@pytest.mark.parametrize("key", ["a/b", "会话 5", "..", "%00", "5?x=1", "x" * 300, "1e3", "-0"])
def test_ids_of_any_shape_have_an_address(sam: Client, host_database: HostDatabase, key: str) -> None:
    assert sam.get(page(key)).status_code == 404


def test_an_id_with_a_nul_is_unknown(sam: Client, host_database: HostDatabase) -> None:
    assert sam.get("/sessions/a%00b").status_code == 404


def test_the_timeline_merges_the_row_the_passes_and_the_findings(sam: Client, host_database: HostDatabase) -> None:
    host_database.insert_failed()
    entry = indexed()
    now = timezone.now()
    for minutes, status, cause in ((9, "pending", ""), (6, "generating", ""), (3, "failed", "generation.disk_full")):
        SessionEvent.objects.create(
            session=entry,
            at=now - timedelta(minutes=minutes),
            status=status,
            verdict="broken" if cause else "not_ready",
            state="failed" if cause else status,
            cause=cause,
        )
    Finding.objects.create(
        session=entry,
        code="record.progress_odd",
        confidence="certain",
        opened_at=now - timedelta(minutes=2),
        resolved_at=now - timedelta(minutes=1),
    )
    text = examined(sam, 5)
    told = [
        "Resolved: Progress",
        "Found: Progress",
        "Status: Generating → Failed",
        "Pending → Generating",
        "Created, by",
    ]
    places = [text.index(words) for words in told]
    assert places == sorted(places)


def test_it_takes_the_same_queries_however_long_its_history_is(sam: Client, host_database: HostDatabase) -> None:
    host_database.insert_failed()
    entry = indexed()
    counts = []
    for number in (5, 300):
        events = [
            SessionEvent(session=entry, at=timezone.now(), status="generating", progress_percent=n)
            for n in range(number)
        ]
        SessionEvent.objects.bulk_create(events)
        with CaptureQueriesContext(connection) as queries:
            assert examined(sam, 5).count('class="happening ') <= 100
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_it_reads_in_chinese(sam: Client, host_database: HostDatabase) -> None:
    host_database.insert_failed()
    sam.cookies["language"] = "zh-hans"
    text = examined(sam, 5)
    assert "磁盘空间不足，生成失败" in text
    assert "怎样告诉用户" in text
    assert "您" in text
    assert "Copy in English" in text
