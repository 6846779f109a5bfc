"""The demo host reads whether it is to pause: by the dashboard's address, by its file; and goes on where nobody tells."""

from __future__ import annotations

import http.client
import json
import os
from collections.abc import Callable
from http import HTTPStatus
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.utils import timezone
from pytest_django import Settings
from pytest_django.live_server_helper import LiveServer

from config.local import demo_settings
from demo.place import Place
from demo.requester import Requester
from sessions_admin import availability_file, pausing
from sessions_admin.actors import By
from sessions_admin.models import Pause
from tests.demo.conftest import Start, free_port, rows, wait_for
from tests.sessions_admin.pausing import ENGLISH, terms

pytestmark = pytest.mark.django_db(transaction=True)
Serve = Callable[[str], int]


@pytest.fixture
def serve(place: Place, start: Start, monkeypatch: pytest.MonkeyPatch) -> Serve:
    """Start the demo's server, told where to read; return its port."""

    def run(where: str) -> int:
        monkeypatch.setenv("DEMO_AVAILABILITY", where)
        port = free_port()
        start("server", "--port", str(port))
        wait_for(lambda: place.server_url.exists() and place.server_url.read_text() == f"http://127.0.0.1:{port}\n")
        return port

    return run


def create(port: int) -> tuple[int, dict[str, Any]]:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    connection.request("POST", "/api/music/create_long_sequence", json.dumps({"user_id": 1003, "assessment_id": 5}))
    answer = connection.getresponse()
    told: dict[str, Any] = json.loads(answer.read())
    connection.close()
    return answer.status, told


def test_it_refuses_new_requests_while_it_is_paused(
    place: Place, serve: Serve, live_server: LiveServer, cast: dict[str, User]
) -> None:
    port, by = serve(f"{live_server.url}/api/v1/availability"), By(cast["eve"], "the disk is full", "test")
    assert create(port)[0] == HTTPStatus.OK
    number = len(rows(place))
    pause = pausing.begin(terms(), by, timezone.now())
    status, told = create(port)
    assert (status, told["success"], told["data"]["fallback"]) == (503, False, "60_second_audio")
    assert told["data"]["message"]["en"] == ENGLISH
    assert "the disk is full" not in json.dumps(told)
    assert len(rows(place)) == number
    pausing.end(pause.seen, by, timezone.now())
    assert create(port) == (HTTPStatus.OK, {"success": True, "data": {"session_id": 62, "status": "pending"}})


def test_it_goes_on_where_the_dashboard_does_not_answer(serve: Serve) -> None:
    assert create(serve(f"http://127.0.0.1:{free_port()}/api/v1/availability"))[0] == HTTPStatus.OK


def test_it_reads_the_file_and_keeps_its_last_word(
    place: Place, serve: Serve, settings: Settings, cast: dict[str, User]
) -> None:
    port, by = serve(""), By(cast["eve"], "the disk is full", "test")
    assert create(port)[0] == HTTPStatus.OK, "no file: it goes on"
    settings.AVAILABILITY_FILE = str(place.availability)
    pause = pausing.begin(terms(), by, timezone.now())
    assert availability_file.write_now() == ""
    assert create(port)[0] == HTTPStatus.SERVICE_UNAVAILABLE
    assert asked_by_its_users(place) == 0
    pausing.end(pause.seen, by, timezone.now())
    availability_file.keep_up()
    assert create(port)[0] == HTTPStatus.OK
    assert asked_by_its_users(place) == 1
    place.availability.write_text('{"long_sequences": {"avail')
    assert create(port)[0] == HTTPStatus.OK, "half a file pauses nothing"
    assert Pause.standing() is None


def asked_by_its_users(place: Place) -> int:
    """How many new sessions the demo's own users ask for when they would."""
    os.environ.pop("DEMO_AVAILABILITY", None)
    before = len(rows(place))
    Requester(place, 1.0, 1, 0.0).ask_when_due(1.0)
    return len(rows(place)) - before


def test_it_finds_the_file_where_make_run_has_it_written(tmp_path: Path) -> None:
    assert demo_settings({"DEMO_ROOT": str(tmp_path)})["AVAILABILITY_FILE"] == str(Place(tmp_path).availability)
