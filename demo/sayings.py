"""What the user who met a fault would paste: the client's log, with this session's own id, address, path and size."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from demo import answers, links, table
from demo.faults.scene import Impossible
from demo.place import Place


def player(code: int, inner: int, words: str) -> str:
    return f'{{errMsg: "INNERERRCODE:{inner}, ERRMSG:{words}", errCode: {code}}}'


NOT_AUDIO = "DOMException: Unable to decode audio data"
NOT_FOUND = player(10001, -1100, "在此服务器上找不到所请求的URL。")
# The error itself, with %s for the address that the client asked for; '' where there is none to be seen.
ERRORS = {
    "delivery.link_expired": player(10002, -1013, "未能完成操作。（NSURLErrorDomain错误-1013。）"),
    "delivery.link_expired:refused": "GET %s 401 (UNAUTHORIZED)",
    "delivery.wrong_url": "GET %s 404 (NOT FOUND)",
    "delivery.not_served": NOT_FOUND,
    "delivery.not_served:403": "GET %s 403 (FORBIDDEN)",
    "delivery.not_served:410": "GET %s 410 (GONE)",
    "delivery.not_served:500": "GET %s 500 (INTERNAL SERVER ERROR)",
    "delivery.not_audio": NOT_AUDIO,
    "delivery.not_audio:json": NOT_AUDIO,
    "delivery.no_range": player(10001, -11850, "操作已停止"),
    "record.api_disagrees": "",
    "client.timed_out": '{"errno": 5, "errMsg": "request:fail timeout"}',
    "client.bad_response": "",
    "client.network": player(10002, -1009, "似乎已断开与互联网的连接。"),
    "server:hang": player(10002, -1001, "请求超时。"),
}
# Here the client puts its API's own prefix before the path, as it did in one real incident.
WITH_API_PREFIX = ("delivery.wrong_url",)
# Here the create call never answered the client.
UNANSWERED = ("client.timed_out",)


def said(place: Place, code: str, session_id: int | None) -> str:
    """The whole log, many lines."""
    number = newest(place) if session_id is None else session_id
    told = answers.session(place, number)
    if told is None:
        raise Impossible(f"the host's API knows no session {number}")
    return "\n".join(lines(place, code, number, told))


def error_line(place: Place, code: str, session_id: int | None) -> str:
    """The error alone. Raises Impossible for a fault that shows none."""
    if not ERRORS[code]:
        raise Impossible(f"{code} shows no error of its own: its log tells it")
    told = answers.session(place, newest(place) if session_id is None else session_id)
    return ERRORS[code].replace("%s", address(place, code, told or {}))


def newest(place: Place) -> int:
    with table.opened(place) as db:
        found = db.execute(
            "SELECT session_id FROM long_sequence_sessions WHERE status = 'completed'"
            " AND final_file_path IS NOT NULL ORDER BY completed_at DESC, session_id DESC LIMIT 1"
        ).fetchone()
    if found is None:
        raise Impossible("no session is completed yet")
    return int(found[0])


def lines(place: Place, code: str, session_id: int, told: dict[str, Any]) -> Iterator[str]:
    error = ERRORS[code].replace("%s", address(place, code, told))
    if code in UNANSWERED:
        yield error
        yield from status(session_id, told)
        return
    yield from created(place, code, session_id)
    yield from status(session_id, told)
    if error:
        yield error if error.startswith("GET ") else f"🎵 音频事件: 播放错误 {error}"


def created(place: Place, code: str, session_id: int) -> Iterator[str]:
    answer = answers.created(place, session_id)
    if code == "client.bad_response":
        answer["data"].pop("session_id", None)
    yield f"🎶 长序列API响应: {json.dumps(answer, ensure_ascii=False)}"
    yield f"🎶 完整响应数据: {json.dumps(answer, ensure_ascii=False, indent=2)}"


def status(session_id: int, told: dict[str, Any]) -> Iterator[str]:
    yield "📊 状态数据详情:"
    yield f"- 会话ID: {session_id}"
    yield f"- 状态: {told['status']}"
    yield f"- 文件路径: {as_client(told['final_file_path'])}"
    yield f"- 文件大小: {as_client(told['final_file_size'])}"
    if told["error_message"]:
        yield f"- 错误信息: {told['error_message'].strip().splitlines()[-1]}"


def as_client(value: object) -> object:
    return "null" if value is None else value


def address(place: Place, code: str, told: dict[str, Any]) -> str:
    """What the client asks for, as it builds it from the path."""
    path = str(told.get("final_file_path") or "")
    if path.startswith("http"):
        return path
    prefix = "/api" if code in WITH_API_PREFIX else ""
    return f"{links.base_url(place)}{prefix}{path if path.startswith('/') else f'/{path}'}"
