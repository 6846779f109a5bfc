"""What iOS reports of a failed load: NSURLErrorDomain, which WeChat shows as INNERERRCODE."""

from __future__ import annotations

from diagnostics.domain.player_errors import checks, suspects
from diagnostics.domain.player_errors.entries import Entry, entry

_CERTIFICATE_CHECK = (suspects.CERTIFICATE, checks.CERTIFICATE)
_LEFT = entry(
    "The phone stopped the load because the user moved on.",
    "用户离开了页面，手机停止了加载。",
    suspects.NONE,
    checks.PHONE,
)
_NO_FILE_OPERATION = entry(
    "The phone could not store the audio that it was fetching.",
    "手机无法保存正在下载的音频。",
    suspects.NONE,
    checks.PHONE_SPACE,
)
_NOT_DECODED = entry(
    "The answer was encoded in a way that the phone could not undo; audio must not be compressed on the way.",
    "响应经过了手机无法还原的编码；音频在传输途中不应再压缩。",
    suspects.MALFORMED,
    checks.HEADERS,
)
_NOT_ALLOWED_TO_LOG_IN = entry(
    "The server asks for a login (401): as a rule the signed link has expired, or has no signature.",
    "服务器要求认证（401）：通常是签名链接已过期，或链接没有签名。",
    suspects.SIGNATURE,
    checks.SIGNED_LINK,
)

IOS_NETWORK: dict[str, Entry] = {
    "-1100": entry(
        "The server has no file at the address that the phone asked for (404).",
        "手机请求的地址在服务器上没有文件（404）。",
        suspects.GONE,
        checks.FILE_AND_URL,
    ),
    "-1101": entry(
        "The address names a folder, not a file: the path was empty or ends in a slash.",
        "地址指向的是文件夹而不是文件：路径为空，或以斜杠结尾。",
        suspects.FOLDER,
        checks.ADDRESS,
    ),
    "-1102": entry(
        "The server refuses to hand out the file (403).",
        "服务器拒绝提供这个文件（403）。",
        suspects.REFUSED,
        checks.REFUSAL,
    ),
    "-1103": entry(
        "The file is larger than the phone accepts.",
        "文件超过了手机允许的大小。",
        ("file.trailing_bytes", "file.size_mismatch"),
        checks.SIZE,
    ),
    "-1013": _NOT_ALLOWED_TO_LOG_IN,
    "-1012": _NOT_ALLOWED_TO_LOG_IN,
    "-1000": entry("The address is malformed.", "地址的格式不正确。", suspects.ADDRESS, checks.ADDRESS),
    "-1002": entry(
        "The phone cannot load an address of this kind: it may lack https:// in front, or hold unescaped characters.",
        "手机无法加载这种地址：开头可能缺少 https://，或含有未转义的字符。",
        suspects.ADDRESS,
        checks.ADDRESS,
    ),
    "-1001": entry(
        "The server did not send the audio in time: a slow network, or a slow server.",
        "服务器没有及时送出音频：网络慢，或服务器慢。",
        suspects.SLOW,
        checks.SPEED,
    ),
    "-1003": entry(
        "The phone could not find the server by its name.",
        "手机按域名找不到服务器。",
        suspects.NO_NAME,
        checks.NAME,
    ),
    "-1004": entry(
        "The phone could not connect to the server.", "手机无法连接到服务器。", suspects.NO_ANSWER, checks.PORT
    ),
    "-1005": entry(
        "The connection was lost while the audio was being fetched.",
        "下载音频的过程中连接中断。",
        suspects.CUT,
        checks.OTHER_NETWORK,
    ),
    "-1006": entry("The look-up of the server's name failed.", "查询服务器域名失败。", suspects.NO_NAME, checks.NAME),
    "-1007": entry(
        "The server redirected too many times.",
        "服务器重定向的次数过多。",
        ("delivery.not_served", "delivery.wrong_url"),
        checks.REDIRECTS,
    ),
    "-1008": entry(
        "The server could not provide the audio just then.",
        "服务器当时无法提供音频。",
        suspects.SERVER,
        checks.SERVER_LOG,
    ),
    "-1009": entry(
        "The phone had no connection to the Internet.",
        "手机当时没有连接到互联网。",
        suspects.NETWORK,
        checks.OTHER_NETWORK,
    ),
    "-1010": entry(
        "The server redirected to a place that the phone could not use.",
        "服务器重定向到了手机无法使用的位置。",
        suspects.SERVER,
        checks.REDIRECTS,
    ),
    "-1011": entry(
        "The server gave an answer that the phone could not use: an error of the server, or wrong headers.",
        "服务器给出了手机无法使用的响应：服务器出错，或响应头有误。",
        suspects.MALFORMED,
        checks.HEADERS,
    ),
    "-1014": entry("The server sent no bytes at all.", "服务器一个字节都没有发送。", suspects.EMPTY, checks.SIZE),
    "-1015": _NOT_DECODED,
    "-1016": _NOT_DECODED,
    "-1017": entry(
        "The phone could not read the server's answer: its headers are broken.",
        "手机无法解析服务器的响应：响应头有误。",
        suspects.MALFORMED,
        checks.HEADERS,
    ),
    "-1018": entry(
        "Roaming is switched off on the phone.", "手机关闭了数据漫游。", suspects.NETWORK, checks.OTHER_NETWORK
    ),
    "-1019": entry(
        "A call was active, and the network allows no data meanwhile.",
        "手机正在通话，网络不允许同时传输数据。",
        suspects.NETWORK,
        checks.OTHER_NETWORK,
    ),
    "-1020": entry(
        "Mobile data is switched off for WeChat, or not allowed.",
        "手机没有允许微信使用移动数据。",
        suspects.NETWORK,
        checks.OTHER_NETWORK,
    ),
    "-1022": entry(
        "The phone refuses addresses without encryption (http instead of https).",
        "手机拒绝未加密的地址（http 而不是 https）。",
        ("delivery.wrong_url", "path.remote"),
        checks.SCHEME,
    ),
    "-1200": entry(
        "No secure connection could be made: the version of TLS, or the certificate's chain.",
        "无法建立安全连接：TLS 版本或证书链有问题。",
        suspects.SECURE,
        checks.CERTIFICATE,
    ),
    "-1201": entry("The server's certificate has expired.", "服务器的证书已过期。", *_CERTIFICATE_CHECK),
    "-1202": entry(
        "The phone does not trust the server's certificate, or it is for another name.",
        "手机不信任服务器的证书，或证书属于另一个域名。",
        *_CERTIFICATE_CHECK,
    ),
    "-1203": entry(
        "The server's certificate comes from an authority that the phone does not know.",
        "服务器的证书由手机不认识的机构签发。",
        *_CERTIFICATE_CHECK,
    ),
    "-1204": entry("The server's certificate is not valid yet.", "服务器的证书尚未生效。", *_CERTIFICATE_CHECK),
    "-1205": entry("The server refused the client's certificate.", "服务器拒绝了客户端证书。", *_CERTIFICATE_CHECK),
    "-1206": entry("The server asks for a client's certificate.", "服务器要求提供客户端证书。", *_CERTIFICATE_CHECK),
    "-2000": entry(
        "The phone may load this only from its cache, and it is not there.",
        "手机只能从缓存加载，而缓存中没有。",
        suspects.NETWORK,
        checks.OTHER_NETWORK,
    ),
    "-995": _LEFT,
    "-996": _LEFT,
    "-997": _LEFT,
    "-999": _LEFT,
    "-998": entry(
        "The phone reports an unknown error of the network.",
        "手机报告了未知的网络错误。",
        suspects.NETWORK,
        checks.SPEED,
    ),
    **{str(code): _NO_FILE_OPERATION for code in range(-3007, -2999)},
}
