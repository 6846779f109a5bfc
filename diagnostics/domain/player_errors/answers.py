"""What a client's log shows to be wrong without any error: an answer of the server that lacks what it has to hold."""

from __future__ import annotations

from diagnostics.domain.player_errors import checks, suspects
from diagnostics.domain.player_errors.entries import Entry, entry

ANSWERS: dict[str, Entry] = {
    "create failed": entry(
        "The server told the client that it did not create the session.",
        "服务器告诉客户端，会话没有创建成功。",
        ("generation.bad_input", "generation.dependency_down", "client.bad_response"),
        checks.ANSWER,
    ),
    "no session_id": entry(
        "The answer to the create call says success, but holds no session_id.",
        "创建请求的响应显示成功，但其中没有 session_id。",
        suspects.ANSWER,
        checks.ANSWER,
    ),
    "no path": entry(
        "The client was told that the session is completed, but got no file path.",
        "客户端得知会话已完成，但没有收到文件路径。",
        ("path.missing", "client.bad_response"),
        checks.ANSWER,
    ),
    "session failed": entry(
        "The client was told that the generation of this session failed.",
        "客户端得知该会话生成失败。",
        suspects.NONE,
        checks.ANSWER,
    ),
}
UNKNOWN = entry(
    "No known player error is in this text. Ask for the whole message as text, not as a picture, with the time it happened.",
    "这段内容里没有已知的播放错误。请索取完整的报错文字（不要截图），并注明发生时间。",
    suspects.NONE,
    checks.ASK_ALL,
)
NO_ERROR = entry(
    "This is a client's log without an error: it tells what the client received.",
    "这是一段没有报错的客户端日志：从中可以看到客户端收到了什么。",
    suspects.NONE,
    checks.ANSWER,
)
