"""What a server's status means for whoever asked for the audio, whichever player or browser printed it."""

from __future__ import annotations

from diagnostics.domain.player_errors import checks, suspects
from diagnostics.domain.player_errors.entries import Entry, entry

_UPSTREAM = entry(
    "The web server got no good answer from the application behind it.",
    "Web 服务器没有从后面的应用得到正常响应。",
    suspects.SERVER,
    checks.SERVER_LOG,
)

STATUSES: dict[str, Entry] = {
    "400": entry(
        "The server did not understand the request (400).",
        "服务器无法理解该请求（400）。",
        ("delivery.wrong_url", "delivery.not_served"),
        checks.ADDRESS,
    ),
    "401": entry(
        "The server asks for a login (401): as a rule the signed link or the user's login has expired.",
        "服务器要求认证（401）：通常是签名链接或用户登录已过期。",
        suspects.SIGNATURE,
        checks.SIGNED_LINK,
    ),
    "403": entry(
        "The server refuses to hand it out (403).", "服务器拒绝提供（403）。", suspects.REFUSED, checks.REFUSAL
    ),
    "404": entry(
        "The server has nothing at this address (404).",
        "该地址在服务器上没有内容（404）。",
        suspects.GONE,
        checks.FILE_AND_URL,
    ),
    "405": entry(
        "The server does not allow this kind of request at this address (405).",
        "服务器不允许以这种方式访问该地址（405）。",
        ("delivery.wrong_url", "delivery.not_served"),
        checks.ADDRESS,
    ),
    "408": entry(
        "The server waited too long for the request (408).",
        "服务器等待请求超时（408）。",
        suspects.NETWORK,
        checks.OTHER_NETWORK,
    ),
    "410": entry(
        "The file was taken away for good (410).",
        "文件已被永久移除（410）。",
        ("file.deleted", "file.purged", "delivery.not_served"),
        checks.FILE_AND_URL,
    ),
    "413": entry(
        "What the client sent is too large (413).", "客户端发送的内容过大（413）。", suspects.NONE, checks.CLIENT_CODE
    ),
    "414": entry(
        "The address is too long for the server (414).",
        "地址过长，服务器不接受（414）。",
        suspects.ADDRESS,
        checks.ADDRESS,
    ),
    "416": entry(
        "The player asked for a part behind the file's end (416): the file is shorter than was said.",
        "播放器请求的部分超出了文件末尾（416）：文件比声明的短。",
        suspects.PAST_THE_END,
        checks.RANGE,
    ),
    "429": entry(
        "The server limits how often it is asked (429).",
        "服务器限制了访问频率（429）。",
        suspects.SERVER,
        checks.SERVER_LOG,
    ),
    "499": entry(
        "The client hung up before the answer came (499).",
        "客户端在收到响应之前断开了连接（499）。",
        suspects.WAITED,
        checks.WAITING,
    ),
    "500": entry("The server failed (500).", "服务器出错（500）。", suspects.SERVER, checks.SERVER_LOG),
    "502": _UPSTREAM,
    "503": _UPSTREAM,
    "504": entry(
        "The web server waited too long for the application behind it (504).",
        "Web 服务器等待后面的应用超时（504）。",
        ("delivery.not_served", "client.timed_out"),
        checks.SERVER_LOG,
    ),
    "507": entry(
        "The server's storage is full (507).",
        "服务器存储空间已满（507）。",
        ("generation.disk_full", "delivery.not_served"),
        checks.SERVER_LOG,
    ),
}
_ANY_4XX = entry(
    "The server refused the request (4xx).", "服务器拒绝了该请求（4xx）。", suspects.SERVER, checks.SERVER_LOG
)
_ANY_5XX = entry("The server failed (5xx).", "服务器出错（5xx）。", suspects.SERVER, checks.SERVER_LOG)


def status_entry(status: str) -> Entry | None:
    """Return the entry of a status of three digits; None where it is no error."""
    if status in STATUSES:
        return STATUSES[status]
    if len(status) == 3 and status.isascii() and status.isdecimal():
        return {"4": _ANY_4XX, "5": _ANY_5XX}.get(status[0])
    return None
