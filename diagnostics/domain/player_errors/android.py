"""What WeChat's own player on Android reports: `errCode:NN, err:…`, and its words where the number is missing."""

from __future__ import annotations

from diagnostics.domain.player_errors import checks, suspects
from diagnostics.domain.player_errors.entries import Entry, entry

_UNKNOWN_FORMAT = entry(
    "The phone does not recognise the audio's format: the server may have answered a page instead.",
    "手机无法识别音频格式：服务器返回的可能是网页。",
    suspects.NOT_AUDIO,
    checks.FIRST_BYTES,
)
_BAD_HEADER = entry(
    "The phone could not read the audio's header.", "手机无法读取音频的文件头。", suspects.DAMAGED, checks.FORMAT
)
_NO_OUTPUT = entry("The phone could not open its sound output.", "手机无法打开声音输出。", suspects.NONE, checks.PHONE)
_NOT_DECODED = entry(
    "The phone could not decode the audio, perhaps part way through it.",
    "手机无法解码音频，可能是播放到中途时。",
    suspects.DAMAGED,
    checks.WHOLE_FILE,
)
_PLAYER_STATE = entry(
    "The client asked for something that its player could not do at that moment.",
    "客户端的播放器当时无法执行该操作。",
    suspects.NONE,
    checks.CLIENT_CODE,
)
_NO_LIBRARY = entry(
    "The phone could not load its decoder for this audio.",
    "手机无法加载该音频的解码器。",
    ("delivery.not_audio", "file.corrupt"),
    checks.FIRST_BYTES,
)

ANDROID: dict[str, Entry] = {
    "53": entry(
        "The phone found no file at the place in its own storage.",
        "手机在自己的存储中找不到文件。",
        suspects.LOCAL_OR_GONE,
        checks.LOCAL_FILE,
    ),
    "54": entry(
        "The phone may not read the file in its own storage.",
        "手机无权读取自己存储中的文件。",
        suspects.NONE,
        checks.LOCAL_FILE,
    ),
    "55": _UNKNOWN_FORMAT,
    "62": _NO_LIBRARY,
    "63": _BAD_HEADER,
    "64": _BAD_HEADER,
    "66": _NO_OUTPUT,
    "67": _NOT_DECODED,
    "69": _NO_LIBRARY,
    "70": entry(
        "The phone could not keep what it had fetched: its storage may be full.",
        "手机无法保存已下载的内容：存储空间可能已满。",
        suspects.NONE,
        checks.PHONE_SPACE,
    ),
    "74": entry(
        "The phone could not jump to another place in the audio.",
        "手机无法跳转到音频的其他位置。",
        ("delivery.no_range", "file.truncated"),
        checks.RANGE,
    ),
    "80": entry(
        "The phone could not connect to the server.", "手机无法连接到服务器。", suspects.NO_ANSWER, checks.PORT
    ),
    "101": _UNKNOWN_FORMAT,
    "102": _NO_OUTPUT,
    "500": entry("The address is malformed.", "地址的格式不正确。", suspects.ADDRESS, checks.ADDRESS),
    **dict.fromkeys(("501", "502", "503", "504"), _PLAYER_STATE),
    "600": entry(
        "The client opened more players than WeChat allows, and did not close them.",
        "客户端打开的播放器超过微信允许的数量，且没有关闭。",
        suspects.NONE,
        checks.CLIENT_CODE,
    ),
    **dict.fromkeys(("601", "602", "603", "604", "605"), _PLAYER_STATE),
    "701": entry(
        "The player was given an address or a value that it does not take.",
        "播放器收到了无效的地址或参数。",
        suspects.ADDRESS,
        checks.ADDRESS,
    ),
    "702": entry(
        "The player could not open the address.",
        "播放器无法打开该地址。",
        ("delivery.wrong_url", "delivery.not_served", "file.deleted"),
        checks.FILE_AND_URL,
    ),
    "703": _UNKNOWN_FORMAT,
    "704": entry(
        "The phone could not start its decoder.",
        "手机无法启动解码器。",
        ("delivery.not_audio", "file.corrupt"),
        checks.FORMAT,
    ),
    "705": _BAD_HEADER,
    "706": _NOT_DECODED,
    "707": _NO_OUTPUT,
    "-1": entry(
        "WeChat's player reports an exception that it does not know.",
        "微信播放器报告了未知异常。",
        suspects.NONE,
        checks.ASK_ALL,
    ),
}

# The player's own words, spelling included; only those that one number has.
WORDS = {
    "load or init native decode so fail": "62",
    "unknow format": "55",
    "get audio info fail": "63",
    "invalid audio info": "64",
    "connect network fail": "80",
    "error url format": "500",
    "exceed max count of players": "600",
    "file can not read": "54",
}
