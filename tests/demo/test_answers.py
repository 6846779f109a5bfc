"""What the demo's running API tells: old copies of a row, and answers that lack the session's number."""

from __future__ import annotations

import http.client
import json
from typing import Any

import pytest

from demo.place import Place
from tests.demo.conftest import Demo, path_of, rows
from tests.demo.listening import Listener, is_well

STATUS = "/api/music/long_sequence_status/7"


@pytest.mark.parametrize(
    ("code", "columns"),
    [
        (
            "record.api_disagrees",
            {"status", "progress_percentage", "final_file_path", "final_file_size", "completed_at"},
        ),
        ("record.api_disagrees:path", {"final_file_path"}),
        ("record.api_disagrees:size", {"final_file_size"}),
    ],
)
def test_the_status_call_tells_something_else_than_the_row(
    place: Place, demo: Demo, listener: Listener, code: str, columns: set[str]
) -> None:
    before = rows(place)
    assert listener.json(STATUS) == (200, {"success": True, "data": before[7]})
    demo("break", code, "7")
    status, answer = listener.json(STATUS)
    assert (status, answer["success"]) == (200, True)
    assert {name for name, value in answer["data"].items() if value != before[7][name]} == columns
    assert rows(place) == before
    assert is_well(listener.get(path_of(place, 7)), before[7]["final_file_size"])
    demo("break", code, "--undo")
    assert listener.json(STATUS)[1]["data"] == before[7]


def test_the_old_copy_tells_that_it_is_being_generated(demo: Demo, listener: Listener) -> None:
    demo("break", "record.api_disagrees", "7")
    told = listener.json(STATUS)[1]["data"]
    assert (told["status"], told["final_file_path"], told["completed_at"]) == ("generating", None, None)


def test_the_status_call_tells_another_error_than_the_row(place: Place, demo: Demo, listener: Listener) -> None:
    demo("break", "record.api_disagrees:error", "7")
    row, told = rows(place)[7], listener.json(STATUS)[1]["data"]
    assert (row["status"], told["status"]) == ("failed", "failed")
    assert "ModuleNotFoundError" in row["error_message"]
    assert "No space left" in told["error_message"]
    demo("mend")
    assert listener.json(STATUS)[1]["data"] == rows(place)[7]
    assert rows(place)[7]["status"] == "completed"


def test_the_status_call_does_not_know_the_session(place: Place, demo: Demo, listener: Listener) -> None:
    demo("break", "record.api_disagrees:missing", "7")
    status, answer = listener.json(STATUS)
    assert (status, answer["success"]) == (404, False)
    assert rows(place)[7]["status"] == "completed"
    demo("mend")
    assert listener.json(STATUS)[0] == 200


def create(port: int) -> dict[str, Any]:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    connection.request("POST", "/api/music/create_long_sequence", json.dumps({"user_id": 1003, "assessment_id": 5}))
    answer: dict[str, Any] = json.loads(connection.getresponse().read())
    connection.close()
    return answer


def test_the_create_call_forgets_which_session_it_made(place: Place, demo: Demo, listener: Listener) -> None:
    said = json.loads(demo("break", "client.bad_response", "--json").stdout)
    assert rows(place)[said["session_id"]]["status"] == "completed"
    assert create(listener.port) == {"success": True, "data": {"status": "pending"}}
    assert rows(place)[61]["status"] == "pending"
    demo("mend")
    assert create(listener.port)["data"]["session_id"] == 62


def test_the_player_s_page_is_served_for_sessions_alone(listener: Listener) -> None:
    page = listener.get("/player/7", part="")
    assert (page.status, page.headers["Content-Type"]) == (200, "text/html; charset=utf-8")
    assert "🎵 音频事件: 播放错误" in page.body.decode()
    assert listener.get("/player/seven", part="").status == 404
