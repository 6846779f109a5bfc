"""Having a session's file listened to from its page: within seconds, by POST alone, with and without JavaScript."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from diagnostics.models import Sound
from tests.conftest import signed_in
from tests.corpus.wavs import HEADER_BYTES, WHOLE, chunk, container, format_chunk
from tests.diagnostics.test_session_page import FRAGMENT, NAME, examined, insert_completed, page, text_of
from tests.host_database import HostDatabase

pytestmark = pytest.mark.django_db

SILENT = WHOLE[: HEADER_BYTES + 12_400] + bytes(11_600)
ADDRESS = reverse("diagnostics:listening", args=[7])


@pytest.fixture
def session(host_database: HostDatabase, settings: Settings) -> Path:
    """Session 7, completed two hours ago; its file, which is silent from the middle on."""
    path = Path(settings.AUDIO_ROOT, NAME)
    path.write_bytes(SILENT)
    insert_completed(host_database)
    return path


def listened(client: Client) -> str:
    answer = client.post(ADDRESS, headers=FRAGMENT)
    assert answer.status_code == 200
    return answer.content.decode()


def test_before_anybody_listened_it_says_so_and_offers_it(sam: Client, session: Path) -> None:
    text = examined(sam, 7)
    assert "The audio itself has not been listened to yet." in text
    assert "Listen to it now" in text
    assert f'hx-post="{ADDRESS}"' in text
    assert '<svg class="waveform' not in text


def test_it_is_heard_and_shown_in_place(sam: Client, session: Path) -> None:
    text = listened(sam)
    assert "<html" not in text
    assert '<code class="verdict-code">file.silent</code>' in text
    assert "The audio is silent from 31 s to its end: 29 s, 48.3% of the piece." in text
    assert "Listened to" in text
    assert "Listen to it again" in text
    assert 'aria-label="Waveform of 1 min: silent from 31 s to the end"' in text
    assert re.search(r'<rect class="wave-silence" x="206\.\d+" y="0" width="193\.\d+"', text)
    assert "Listen to it again" in examined(sam, 7)  # and it is kept


def test_without_javascript_it_leads_back_to_the_page(sam: Client, session: Path) -> None:
    answer = sam.post(ADDRESS)
    assert (answer.status_code, answer["Location"]) == (302, f"{page(7)}?examine=1#sound")
    text = text_of(sam, answer["Location"])
    assert "file.silent" in text
    assert 'id="sound"' in text


def test_it_needs_the_token_of_its_form(cast: dict[str, User], session: Path) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(cast["sam"], backend="django.contrib.auth.backends.ModelBackend")
    assert client.post(ADDRESS).status_code == 403
    token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', examined(client, 7))
    assert token
    assert client.post(ADDRESS, {"csrfmiddlewaretoken": token[1]}).status_code == 302


def test_it_refuses_the_wrong_role_nobody_and_the_wrong_method(cast: dict[str, User], session: Path) -> None:
    assert signed_in(cast["max"]).post(ADDRESS, headers=FRAGMENT).status_code == 403
    assert Client().post(ADDRESS).status_code == 302
    assert signed_in(cast["sam"]).get(ADDRESS).status_code == 405
    assert Sound.objects.count() == 0


@pytest.mark.parametrize("content", [b"", b"<html>", WHOLE[:-9]], ids=["empty", "html", "cut"])
def test_what_is_not_whole_is_not_listened_to(content: bytes, sam: Client, session: Path) -> None:
    session.write_bytes(content)
    text = listened(sam)
    assert "Listen to it" not in text
    assert Sound.objects.count() == 0


def test_a_session_that_is_nowhere_is_no_error(sam: Client, host_database: HostDatabase) -> None:
    assert sam.post(reverse("diagnostics:listening", args=["no/such"]), headers=FRAGMENT).status_code == 200
    assert sam.post(reverse("diagnostics:listening", args=["no/such"])).status_code == 302


def test_a_host_that_is_silent_itself_is_no_error(sam: Client, session: Path, tmp_path: Path) -> None:
    (tmp_path / "host.sqlite3").unlink()
    assert sam.post(ADDRESS, headers=FRAGMENT).status_code == 200


def test_sound_up_to_the_end_is_in_order(sam: Client, session: Path) -> None:
    session.write_bytes(WHOLE)
    text = listened(sam)
    assert "file.silent" not in text
    assert "1:00 / 1:00" in text
    assert 'aria-label="Waveform of 1 min: sound up to the end"' in text
    assert "wave-silence" not in text


def test_throughout_is_said_so(sam: Client, session: Path) -> None:
    session.write_bytes(container(format_chunk(), chunk(b"data", bytes(24_000))))
    text = listened(sam)
    assert "The audio is silent from beginning to end: 1 min, and not one sound." in text
    assert "silent throughout" in text


def test_it_reads_in_chinese(sam: Client, session: Path) -> None:
    sam.cookies["language"] = "zh-hans"
    assert "现在检听" in examined(sam, 7)
    text = listened(sam)
    assert "直到结尾都没有声音" in text
    assert "再次检听" in text
