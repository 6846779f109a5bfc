"""Chromium's codes of the network, `net::ERR_…`, as its console and WeChat's developer tools print them."""

from __future__ import annotations

from diagnostics.domain.player_errors import checks, suspects
from diagnostics.domain.player_errors.entries import Entry, entry

_TIMED_OUT = entry("The server did not answer in time.", "服务器没有及时响应。", suspects.SLOW, checks.SPEED)
_REFUSED = entry(
    "The server could not be reached, or refused the connection.",
    "无法连接服务器，或连接被拒绝。",
    suspects.NO_ANSWER,
    checks.PORT,
)
_BROKE_OFF = entry(
    "The connection broke off before the answer was complete.",
    "响应还没有传完，连接就中断了。",
    suspects.CUT,
    checks.OTHER_NETWORK,
)
_OFFLINE = entry(
    "The device had no connection, or changed its network.",
    "设备当时没有联网，或切换了网络。",
    suspects.NETWORK,
    checks.OTHER_NETWORK,
)
_NO_NAME = entry("The server's name could not be found.", "找不到服务器的域名。", suspects.NO_NAME, checks.NAME)
_CERTIFICATE = entry(
    "The server's certificate is not accepted.", "服务器的证书不被接受。", suspects.CERTIFICATE, checks.CERTIFICATE
)
_SECURE = entry("No secure connection could be made.", "无法建立安全连接。", suspects.SECURE, checks.CERTIFICATE)
_MALFORMED = entry("The server's answer is malformed.", "服务器的响应格式有误。", suspects.MALFORMED, checks.HEADERS)
_CUT_SHORT = entry(
    "The server sent fewer bytes than it had announced.",
    "服务器发送的字节少于它声明的长度。",
    ("delivery.not_served", "file.truncated", "client.network"),
    checks.SIZE,
)
_BLOCKED = entry(
    "The browser or an extension keeps the address from being loaded.",
    "浏览器或扩展程序阻止了加载该地址。",
    suspects.NONE,
    checks.CLIENT_CODE,
)
_BAD_ADDRESS = entry("The address is malformed.", "地址的格式不正确。", suspects.ADDRESS, checks.ADDRESS)

CHROMIUM: dict[str, Entry] = {
    "ERR_FAILED": entry(
        "The request failed without a reason; often the page may not use the address (CORS).",
        "请求失败且没有说明原因；往往是页面不能使用该地址（CORS）。",
        ("delivery.not_served", "client.network", "delivery.wrong_url"),
        checks.HEADERS,
    ),
    "ERR_ABORTED": entry(
        "The browser gave up the request: the user left, or another audio was started.",
        "浏览器放弃了请求：用户离开了页面，或开始播放另一段音频。",
        suspects.NONE,
        checks.SERVER_LOG,
    ),
    **dict.fromkeys(("ERR_TIMED_OUT", "ERR_CONNECTION_TIMED_OUT"), _TIMED_OUT),
    **dict.fromkeys(
        (
            "ERR_CONNECTION_REFUSED",
            "ERR_ADDRESS_UNREACHABLE",
            "ERR_CONNECTION_FAILED",
            "ERR_PROXY_CONNECTION_FAILED",
            "ERR_TUNNEL_CONNECTION_FAILED",
        ),
        _REFUSED,
    ),
    **dict.fromkeys(
        (
            "ERR_CONNECTION_RESET",
            "ERR_CONNECTION_CLOSED",
            "ERR_CONNECTION_ABORTED",
            "ERR_EMPTY_RESPONSE",
            "ERR_HTTP2_PING_FAILED",
            "ERR_QUIC_PROTOCOL_ERROR",
            "ERR_SOCKET_NOT_CONNECTED",
        ),
        _BROKE_OFF,
    ),
    **dict.fromkeys(
        ("ERR_INTERNET_DISCONNECTED", "ERR_NETWORK_CHANGED", "ERR_NETWORK_IO_SUSPENDED", "ERR_NETWORK_ACCESS_DENIED"),
        _OFFLINE,
    ),
    **dict.fromkeys(("ERR_NAME_NOT_RESOLVED", "ERR_NAME_RESOLUTION_FAILED", "ERR_DNS_TIMED_OUT"), _NO_NAME),
    **dict.fromkeys(
        (
            "ERR_CERT_DATE_INVALID",
            "ERR_CERT_AUTHORITY_INVALID",
            "ERR_CERT_COMMON_NAME_INVALID",
            "ERR_CERT_REVOKED",
            "ERR_CERT_INVALID",
            "ERR_CERT_WEAK_SIGNATURE_ALGORITHM",
            "ERR_CERTIFICATE_TRANSPARENCY_REQUIRED",
        ),
        _CERTIFICATE,
    ),
    **dict.fromkeys(
        (
            "ERR_SSL_PROTOCOL_ERROR",
            "ERR_SSL_VERSION_OR_CIPHER_MISMATCH",
            "ERR_SSL_UNRECOGNIZED_NAME_ALERT",
            "ERR_BAD_SSL_CLIENT_AUTH_CERT",
        ),
        _SECURE,
    ),
    **dict.fromkeys(
        (
            "ERR_INVALID_RESPONSE",
            "ERR_INVALID_HTTP_RESPONSE",
            "ERR_HTTP2_PROTOCOL_ERROR",
            "ERR_INVALID_CHUNKED_ENCODING",
            "ERR_CONTENT_DECODING_FAILED",
            "ERR_RESPONSE_HEADERS_MULTIPLE_CONTENT_LENGTH",
            "ERR_RESPONSE_HEADERS_TRUNCATED",
        ),
        _MALFORMED,
    ),
    **dict.fromkeys(("ERR_CONTENT_LENGTH_MISMATCH", "ERR_INCOMPLETE_CHUNKED_ENCODING"), _CUT_SHORT),
    **dict.fromkeys(
        (
            "ERR_BLOCKED_BY_CLIENT",
            "ERR_BLOCKED_BY_RESPONSE",
            "ERR_BLOCKED_BY_ORB",
            "ERR_BLOCKED_BY_CSP",
            "ERR_BLOCKED_BY_ADMINISTRATOR",
            "ERR_CACHE_MISS",
            "ERR_INSUFFICIENT_RESOURCES",
        ),
        _BLOCKED,
    ),
    **dict.fromkeys(
        ("ERR_INVALID_URL", "ERR_UNKNOWN_URL_SCHEME", "ERR_DISALLOWED_URL_SCHEME", "ERR_INVALID_REDIRECT"), _BAD_ADDRESS
    ),
    "ERR_TOO_MANY_REDIRECTS": entry(
        "The server redirected too many times.",
        "服务器重定向的次数过多。",
        ("delivery.not_served", "delivery.wrong_url"),
        checks.REDIRECTS,
    ),
    "ERR_REQUEST_RANGE_NOT_SATISFIABLE": entry(
        "The player asked for a part behind the file's end: the file is shorter than was said.",
        "播放器请求的部分超出了文件末尾：文件比声明的短。",
        suspects.PAST_THE_END,
        checks.RANGE,
    ),
    "ERR_FILE_NOT_FOUND": entry("The file is not there.", "文件不存在。", suspects.GONE, checks.FILE_AND_URL),
    "ERR_UNSAFE_PORT": _BAD_ADDRESS,
    "ERR_CLEARTEXT_NOT_PERMITTED": entry(
        "The device refuses addresses without encryption (http instead of https).",
        "设备拒绝未加密的地址（http 而不是 https）。",
        ("delivery.wrong_url", "path.remote"),
        checks.SCHEME,
    ),
}
