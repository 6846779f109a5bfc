"""PHRASES: iOS' own sentences, which stand in a message without a number, with the number that each belongs to."""

from __future__ import annotations

import re

from diagnostics.domain.player_errors import checks, suspects
from diagnostics.domain.player_errors.entries import Entry, entry
from diagnostics.domain.player_errors.ios_media import IOS_MEDIA
from diagnostics.domain.player_errors.ios_network import IOS_NETWORK

NOT_COMPLETED = entry(
    "The phone could not do it; the number that tells why is missing from the message.",
    "手机没能完成操作；报错内容里缺少说明原因的错误码。",
    suspects.NONE,
    checks.ASK_INNER,
)


def _phrase(*alternatives: str) -> re.Pattern[str]:
    """Blanks may be missing between Chinese and Latin, or be a line's end; apostrophes may be of either kind."""
    words = "|".join(alternatives).replace(" ", r"\s{0,3}").replace("'", "['’]")
    return re.compile(words, re.IGNORECASE)


_WORDS: tuple[tuple[str, re.Pattern[str]], ...] = (
    (
        "-1100",
        _phrase(
            "在此服务器上找不到所?请求的 URL",
            "在此伺服器上找不到所?要求的 URL",
            "requested URL was not found on this server",
        ),
    ),
    ("-1001", _phrase("请求超时", "要求逾時", "The request timed out")),
    ("-1005", _phrase("网络连接已?中断", "網路連線(?:已經?)?中斷", "The network connection was lost")),
    (
        "-1009",
        _phrase(
            "似乎已?断开与互联网的连接",
            "互联网连接似乎已?断开",
            "網際網路連線(?:似乎)?已?(?:離線|中斷)",
            "Internet connection appears to be offline",
        ),
    ),
    (
        "-1003",
        _phrase(
            "未能找到使用指定主机名的服务器",
            "找不到指定主機名稱的伺服器",
            "server with the specified hostname could not be found",
        ),
    ),
    ("-1004", _phrase("未能连接到服务器", "無法連接伺服器", "Could not connect to the server")),
    ("-1102", _phrase("[你您]没有权限访问所?请求的资源", "do not have permission to access the requested resource")),
    ("-1200", _phrase("发生了 SSL 错误", "An SSL error has occurred and a secure connection")),
    ("-1202", _phrase("此服务器的证书无效", "此伺服器的憑證無效", "The certificate for this server is invalid")),
    ("-1022", _phrase("App Transport Security (?:策略|policy) ?(?:要求|requires)")),
    ("-1007", _phrase("HTTP 重定向(?:次数)?过多", "过多的 HTTP 重定向", "too many HTTP redirects")),
    ("-1011", _phrase("There was a bad server response", "服务器响应(?:有误|错误)", "错误的服务器响应")),
    ("-1017", _phrase("无法解析响应", "cannot parse response")),
    ("-1002", _phrase("不支持的 URL", "unsupported URL")),
    ("-11850", _phrase("The server is not correctly configured", "服务器(?:的)?配置不正确")),
    ("-11828", _phrase("This media format is not supported", "不支持(?:此|这种|该)媒体格式", "此媒体格式不受支持")),
)
PHRASES: tuple[tuple[str, re.Pattern[str], Entry], ...] = (
    *((code, pattern, (IOS_NETWORK | IOS_MEDIA)[code]) for code, pattern in _WORDS),
    ("", _phrase("未能完成操作", "無法完成作業", "The operation couldn't be completed"), NOT_COMPLETED),
)
