"""What the mini program's own calls report: wx.request, downloadFile and uploadFile, `request:fail …`."""

from __future__ import annotations

import re

from diagnostics.domain.player_errors import checks, suspects
from diagnostics.domain.player_errors.entries import Entry, entry

_WAITED = entry(
    "The request outlived the client's wait: the generation may well have gone on and ended.",
    "请求超过了客户端的等待时间：生成可能仍在继续，也可能已经完成。",
    suspects.WAITED,
    checks.WAITING,
)
_FAILED = entry(
    "The client's request failed, and the message names no reason.",
    "客户端请求失败，报错内容没有说明原因。",
    ("client.network", "client.timed_out"),
    checks.ASK_ALL,
)

# By what follows `…:fail`; '' is the bare message.
CALLS: dict[str, Entry] = {
    "": _FAILED,
    "timeout": _WAITED,
    "abort": entry(
        "The client itself gave the request up: the user left the page, or code cancelled it.",
        "客户端主动取消了请求：用户离开了页面，或代码中止了请求。",
        suspects.NONE,
        checks.CLIENT_CODE,
    ),
    "interrupted": entry(
        "WeChat broke the request off because the mini program had gone to the background.",
        "小程序进入后台，微信中断了请求。",
        suspects.WAITED,
        checks.WAITING,
    ),
    "url not in domain list": entry(
        "WeChat does not let the mini program use this domain.",
        "微信不允许小程序访问该域名。",
        ("delivery.wrong_url",),
        checks.ALLOWED_DOMAINS,
    ),
    "invalid url": entry("The address is malformed.", "地址的格式不正确。", suspects.ADDRESS, checks.ADDRESS),
    "certificate": entry(
        "The phone does not accept the server's certificate.",
        "手机不接受服务器的证书。",
        suspects.CERTIFICATE,
        checks.CERTIFICATE,
    ),
    "ssl": entry("No secure connection could be made.", "无法建立安全连接。", suspects.SECURE, checks.CERTIFICATE),
    "offline": entry(
        "The phone had no connection to the Internet.",
        "手机当时没有连接到互联网。",
        suspects.NETWORK,
        checks.OTHER_NETWORK,
    ),
    "name not resolved": entry(
        "The phone could not find the server by its name.",
        "手机按域名找不到服务器。",
        suspects.NO_NAME,
        checks.NAME,
    ),
    "cannot connect": entry(
        "The phone could not connect to the server.", "手机无法连接到服务器。", suspects.NO_ANSWER, checks.PORT
    ),
    "connection lost": entry(
        "The connection broke off while the client waited for the answer.",
        "客户端等待响应时连接中断。",
        ("client.network", "client.timed_out", "delivery.not_served"),
        checks.WAITING,
    ),
    "cleartext": entry(
        "The phone refuses addresses without encryption (http instead of https).",
        "手机拒绝未加密的地址（http 而不是 https）。",
        ("delivery.wrong_url",),
        checks.SCHEME,
    ),
    "file too large": entry(
        "The file is larger than WeChat lets a mini program download or keep.",
        "文件超过了微信允许小程序下载或保存的大小。",
        suspects.NONE,
        checks.CLIENT_CODE,
    ),
    "storage full": entry(
        "There is no room left on the phone for the file.",
        "手机没有足够的空间保存文件。",
        suspects.NONE,
        checks.PHONE_SPACE,
    ),
    "permission": entry(
        "The phone or WeChat does not allow this.", "手机或微信没有授权此操作。", suspects.NONE, checks.CLIENT_CODE
    ),
    "file not found": entry(
        "The phone found no file at the place in its own storage.",
        "手机在自己的存储中找不到文件。",
        suspects.LOCAL_OR_GONE,
        checks.LOCAL_FILE,
    ),
    "too many requests": entry(
        "The mini program had more requests open than WeChat allows.",
        "小程序同时发出的请求超过了微信允许的数量。",
        suspects.NONE,
        checks.CLIENT_CODE,
    ),
}
# A download that takes too long is no generation that does.
DOWNLOAD_TIMED_OUT = entry(
    "The phone did not get the whole file in time.", "手机没有及时下载完整个文件。", suspects.SLOW, checks.SPEED
)

# uni-app's own numbers (HTML5+), known by the words beside them.
UNI_APP: dict[str, Entry] = {
    "-5": entry(
        "The app's player could not read the audio.",
        "应用的播放器无法读取音频。",
        suspects.NO_SOURCE,
        checks.FILE_AND_URL,
    ),
    "-6": entry(
        "The app's player could not load the address; seen where the link was not signed.",
        "应用的播放器无法加载该地址；曾见于链接没有签名。",
        ("delivery.link_expired", "client.network", "delivery.not_served"),
        checks.SIGNED_LINK,
    ),
}


def _reason(*alternatives: str) -> re.Pattern[str]:
    return re.compile("|".join(alternatives).replace(" ", r"\s{0,3}"), re.IGNORECASE)


# The more telling first: a time-out within a TLS handshake is one of TLS.
REASONS: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("url not in domain list", _reason("not in domain list", "不在.{0,30}域名列表", "(?:非|不)合法域名")),
    ("certificate", _reason("ERR_CERT", "certificate", "CertPath", "证书", "憑證", "trust anchor")),
    ("ssl", _reason(r"\bssl", "ERR_SSL", "hand ?shake", r"\btls\b", "安全连接", "安全連線")),
    ("cleartext", _reason("cleartext", "App Transport Security")),
    (
        "too many requests",
        _reason("exceed max (?:request|task|upload|download|connection)", "too many (?:request|task)"),
    ),
    ("file too large", _reason("exceed max(?:imum)? (?:file )?size", "exceed maximum size", "file size.{0,20}exceed")),
    (
        "storage full",
        _reason("storage limit", "ENOSPC", "no space left", "maximum size of the file storage", "存储空间不足"),
    ),
    ("file not found", _reason("no such file", "file not exist", "file doesn't exist", "文件不存在")),
    (
        "permission",
        _reason("permission denied", "auth den(?:y|ied)", "no permission", "system permission", "privacy permission"),
    ),
    (
        "invalid url",
        _reason(
            r"invalid url\b",
            "url is invalid",
            "unsupported url",
            "bad url",
            "malformed url",
            "ERR_INVALID_URL",
            "无效的 ?URL",
            "不支持的 ?URL",
        ),
    ),
    (
        "name not resolved",
        _reason(
            "unable to resolve host",
            "ERR_NAME_NOT_RESOLVED",
            "No address associated",
            "ENOTFOUND",
            "getaddrinfo",
            "UnknownHost",
            "specified hostname could not be found",
            "未能找到使用指定主机名的服务器",
            "域名解析",
        ),
    ),
    (
        "timeout",
        _reason(
            "time(?:d)? ?-?out",
            "请求超时",
            "連線逾時",
            "要求逾時",
            "超时",
            "ETIMEDOUT",
            "ERR_(?:CONNECTION_)?TIMED_OUT",
            "SocketTimeout",
        ),
    ),
    (
        "offline",
        _reason(
            "offline",
            "ERR_INTERNET_DISCONNECTED",
            "断开与互联网的连接",
            "network is (?:unreachable|down)",
            "ENETUNREACH",
            "no network",
            "network unavailable",
            "无网络",
            "网络不可用",
        ),
    ),
    (
        "cannot connect",
        _reason(
            "failed to connect",
            "connection refused",
            "ECONNREFUSED",
            "ERR_CONNECTION_REFUSED",
            "ERR_ADDRESS_UNREACHABLE",
            "could not connect to the server",
            "未能连接到服务器",
            "无法连接",
            "host is unreachable",
            "EHOSTUNREACH",
        ),
    ),
    ("interrupted", _reason(r"\binterrupted\b")),
    ("abort", _reason(r"\babort(?:ed)?\b(?! connection)", r"\bcancel")),
    (
        "connection lost",
        _reason(
            "connection (?:was |is )?(?:lost|reset|closed|abort)",
            "ECONNRESET",
            "ERR_CONNECTION_(?:RESET|CLOSED|ABORTED)",
            "ERR_NETWORK_CHANGED",
            "ERR_EMPTY_RESPONSE",
            "网络连接已?中断",
            "unexpected end of stream",
            "socket (?:is )?closed",
            "broken pipe",
            "连接被重置",
        ),
    ),
)


def reason_in(detail: str) -> str:
    """Return the key of CALLS that the words behind `…:fail` stand for, '' where they say nothing known."""
    return next((key for key, pattern in REASONS if pattern.search(detail)), "")


def call_entry(call: str, reason: str) -> Entry:
    if reason == "timeout" and call.lower() != "request":
        return DOWNLOAD_TIMED_OUT
    return CALLS[reason]
