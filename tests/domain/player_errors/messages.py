"""Real messages, as users and tickets hold them, with what each has to be decoded to."""

from __future__ import annotations

from typing import NamedTuple

GONE = ("file.deleted", "file.never_written", "delivery.wrong_url", "delivery.not_served", "path.missing")
FILE = "static/generated_music/long_sequences/long_sequence_5_20250825_120316.wav"


class Message(NamedTuple):
    """`suspects` are the first of those that are named; () means that none is."""

    text: str
    source: str
    code: str
    suspects: tuple[str, ...] = ()
    outer: str = ""
    session_id: str | None = None
    url: str | None = None


IOS = (
    Message(
        '🎵 音频事件: 播放错误 {errMsg: "INNERERRCODE:-1100, ERRMSG:在此服务器上找不到所请求的URL。", errCode: 10001}',
        "ios",
        "-1100",
        GONE,
        "10001",
    ),
    Message(
        '{errMsg: "INNERERRCODE:-1013, ERRMSG:未能完成操作。（NSURLErrorDomain错误-1013。）", errCode: 10002}',
        "ios",
        "-1013",
        ("delivery.link_expired",),
        "10002",
    ),
    Message(
        '{"errCode":10001,"errMsg":"INNERERRCODE:-1102, ERRMSG:您没有权限访问所请求的资源。"}',
        "ios",
        "-1102",
        ("delivery.not_served", "file.unreadable"),
        "10001",
    ),
    Message("INNERERRCODE:-1001, ERRMSG:请求超时。", "ios", "-1001", ("client.network",)),
    Message("INNERERRCODE:-1001, ERRMSG:The request timed out.", "ios", "-1001", ("client.network",)),
    Message("INNERERRCODE:-1003, ERRMSG:未能找到使用指定主机名的服务器。", "ios", "-1003", ("client.network",)),
    Message("INNERERRCODE:-1004, ERRMSG:未能连接到服务器。", "ios", "-1004", ("client.network",)),
    Message("INNERERRCODE:-1005, ERRMSG:网络连接已中断。", "ios", "-1005", ("client.network",)),
    Message("INNERERRCODE:-1009, ERRMSG:似乎已断开与互联网的连接。", "ios", "-1009", ("client.network",)),
    Message("INNERERRCODE:-1002, ERRMSG:不支持的URL", "ios", "-1002", ("delivery.wrong_url", "path.missing")),
    Message("INNERERRCODE:-1000, ERRMSG:bad URL", "ios", "-1000", ("delivery.wrong_url",)),
    Message("INNERERRCODE:-1101, ERRMSG:", "ios", "-1101", ("path.missing",)),
    Message("INNERERRCODE:-1014, ERRMSG:zero byte resource", "ios", "-1014", ("file.empty",)),
    Message(
        "INNERERRCODE:-1022, ERRMSG:App Transport Security policy requires", "ios", "-1022", ("delivery.wrong_url",)
    ),
    Message(
        "INNERERRCODE:-1200, ERRMSG:发生了SSL错误，无法建立到该服务器的安全连接。",
        "ios",
        "-1200",
        ("delivery.bad_certificate",),
    ),
    Message("INNERERRCODE:-1202, ERRMSG:此服务器的证书无效。", "ios", "-1202", ("delivery.bad_certificate",)),
    Message("INNERERRCODE:-1201, ERRMSG:", "ios", "-1201", ("delivery.bad_certificate",)),
    Message("INNERERRCODE:-11850, ERRMSG:操作停止", "ios", "-11850", ("delivery.no_range", "delivery.not_audio")),
    Message("INNERERRCODE:-11828, ERRMSG:打不开", "ios", "-11828", ("delivery.no_range", "delivery.not_audio")),
    Message(
        '{"errMsg":"INNERERRCODE:-11800, ERRMSG:这项操作无法完成","errCode":10001}',
        "ios",
        "-11800",
        ("delivery.not_audio",),
        "10001",
    ),
    Message("INNERERRCODE:-11829, ERRMSG:Cannot Open", "ios", "-11829", ("file.corrupt",)),
    Message("INNERERRCODE:-11819, ERRMSG:", "ios", "-11819"),
    Message("INNERERRCODE:-12938, ERRMSG:(CoreMediaErrorDomain -12938)", "ios", "-12938", GONE),
    Message(
        "INNERERRCODE:-12660, ERRMSG:The operation couldn’t be completed. (CoreMediaErrorDomain error -12660.)",
        "ios",
        "-12660",
        ("delivery.not_served",),
    ),
    Message("INNERERRCODE:-16041, ERRMSG:", "ios", "-16041", ("delivery.not_audio",)),
    Message("INNERERRCODE:0, ERRMSG:(null)", "ios", "0"),
    Message(
        '{"errMsg":"INNERERRCODE:-1, ERRMSG:未知错误","errCode":10001}', "ios", "-1", ("delivery.wrong_url",), "10001"
    ),
    Message("INNERERRCODE:-9876, ERRMSG:没见过的错误", "ios", "-9876"),
    Message(
        '{"errMsg":"playerErrCode:-1, systemErrCode:18446744073709550611, domain:NSURLErrorDomain, 网络连接已中断。","errCode":10002}',
        "ios",
        "-1005",
        ("client.network",),
        "10002",
    ),
    Message("playerErrCode:3, systemErrCode:18446744073709484945, domain:NSOSStatusErrorDomain, ", "ios", "-66671"),
    Message(
        "playerErrCode:3, systemErrCode:560557684, domain:NSOSStatusErrorDomain, 未能完成操作。", "ios", "560557684"
    ),
    Message(
        "playerErrCode:5, systemErrCode:1718449215, domain:NSOSStatusErrorDomain",
        "ios",
        "1718449215",
        ("delivery.not_audio",),
    ),
    Message(
        "playerErrCode:5, systemErrCode:1852077119, domain:com.tencent.KSAudioPlayer, ",
        "ios",
        "1852077119",
        ("file.corrupt",),
    ),
    Message("domain:com.tencent.KSAudioPlayer.HTTP, systemErrCode:404", "ios", "404", GONE),
    Message(
        "playerErrCode:2, systemErrCode:403, domain:com.tencent.KSAudioPlayer.HTTP, ",
        "ios",
        "403",
        ("delivery.not_served",),
    ),
    Message(
        "playerErrCode:2, systemErrCode:401, domain:com.tencent.KSAudioPlayer.HTTP, ",
        "ios",
        "401",
        ("delivery.link_expired",),
    ),
    Message("systemErrCode:200333420, domain:NSOSStatusErrorDomain", "ios", "200333420", ("delivery.not_audio",)),
    Message("playerErrCode:1, systemErrCode:4, domain:NSCocoaErrorDomain, 文件不存在。", "ios", "4", ("file.deleted",)),
    Message(
        'Error Domain=NSURLErrorDomain Code=-1009 "The Internet connection appears to be offline."',
        "ios",
        "-1009",
        ("client.network",),
    ),
    Message("未能完成操作。（NSURLErrorDomain错误-1100。）", "ios", "-1100", GONE),
    Message(
        'Error Domain=AVFoundationErrorDomain Code=-11850 "Operation Stopped"', "ios", "-11850", ("delivery.no_range",)
    ),
    Message("在此服务器上找不到所请求的URL。", "ios", "-1100", GONE),
    Message("播放失败：在此服务器上找不到所请求的 URL", "ios", "-1100", GONE),
    Message("网络连接已中断", "ios", "-1005", ("client.network",)),
    Message("似乎已断开与互联网的连接。", "ios", "-1009", ("client.network",)),
    Message("请求超时", "ios", "-1001", ("client.network",)),
    Message("未能完成操作。", "ios", ""),
    Message("The requested URL was not found on this server.", "ios", "-1100", GONE),
)

ANDROID = (
    Message(
        '{"errMsg":"errCode:55,err:unknow format","errCode":10004}', "android", "55", ("delivery.not_audio",), "10004"
    ),
    Message("errCode:62, err:load or init native decode so fail", "android", "62", ("delivery.not_audio",)),
    Message("errCode:53,err:file not found", "android", "53", ("file.deleted",)),
    Message("errCode:54,err:file can not read", "android", "54"),
    Message("errCode:63,err:get audio info fail", "android", "63", ("file.corrupt",)),
    Message("errCode:67, err:decode audio fail", "android", "67", ("file.corrupt",)),
    Message("errCode:706, err:decode audio fail", "android", "706", ("file.corrupt",)),
    Message("errCode:74, err:seek fail", "android", "74", ("delivery.no_range",)),
    Message(
        '{"errCode":10002,"errMsg":"errCode:80, err:connect network fail"}',
        "android",
        "80",
        ("client.network",),
        "10002",
    ),
    Message("errCode:500, err:error URL format", "android", "500", ("delivery.wrong_url",)),
    Message("errCode:600, err:exceed max count of players", "android", "600"),
    Message("errCode:702, err:set source fail", "android", "702", ("delivery.wrong_url",)),
    Message("errCode:-1, err:unknow exception", "android", "-1"),
    Message("load or init native decode so fail", "android", "62", ("delivery.not_audio",)),
    Message("errCode:999, err:something new", "android", "999"),
    Message("MediaPlayer: error (1, -1004)", "android", "-1004", ("client.network",)),
    Message("E/MediaPlayer: Error (-38,0)", "android", "-38"),
    Message("onError what:1 extra:-2147483648", "android", "-2147483648", ("delivery.not_audio",)),
    Message("MEDIA_ERROR_MALFORMED", "android", "-1007", ("delivery.not_audio",)),
    Message("MEDIA_ERROR_TIMED_OUT", "android", "-110", ("client.network",)),
    Message(
        "androidx.media3.exoplayer.ExoPlaybackException: ERROR_CODE_IO_BAD_HTTP_STATUS",
        "android",
        "2004",
        ("delivery.not_served",),
    ),
    Message("ERROR_CODE_IO_READ_POSITION_OUT_OF_RANGE", "android", "2008", ("file.truncated",)),
    Message("PlaybackException: Source error, errorCode: 3001", "android", "3001", ("delivery.not_audio",)),
    Message("com.google.android.exoplayer2.ExoPlaybackException: Source error", "android", "", ("client.network",)),
    Message(
        "HttpDataSource$InvalidResponseCodeException: Response code: 403", "android", "403", ("delivery.not_served",)
    ),
)

_PAGE = "http://192.168.124.3:5000/api/static/generated_music/long_sequences/long_sequence_5_20250825_120316.wav"
BROWSER = (
    Message(
        "DOMException: Unable to decode audio data", "browser", "EncodingError", ("delivery.not_audio", "file.corrupt")
    ),
    Message(
        "Uncaught (in promise) EncodingError: Unable to decode audio data",
        "browser",
        "EncodingError",
        ("delivery.not_audio",),
    ),
    Message(
        "NotSupportedError: Failed to load because no supported source was found.",
        "browser",
        "NotSupportedError",
        ("delivery.not_audio",),
    ),
    Message(
        "DOMException: The element has no supported sources.", "browser", "NotSupportedError", ("delivery.not_audio",)
    ),
    Message(
        "NotAllowedError: play() failed because the user didn't interact with the document first. https://goo.gl/xX8pDD",
        "browser",
        "NotAllowedError",
        url="https://goo.gl/xX8pDD",
    ),
    Message("DOMException: The play() request was interrupted by a call to pause().", "browser", "AbortError"),
    Message(
        "The play method is not allowed by the user agent or the platform in the current context, possibly because the user denied permission.",
        "browser",
        "NotAllowedError",
    ),
    Message(
        'MediaError {code: 4, message: "MEDIA_ELEMENT_ERROR: Format error"}',
        "browser",
        "4",
        ("delivery.not_audio", "delivery.wrong_url"),
    ),
    Message(
        'MediaError {code: 4, message: "MEDIA_ELEMENT_ERROR: Empty src attribute"}', "browser", "4", ("path.missing",)
    ),
    Message(
        'MediaError {code: 2, message: "PIPELINE_ERROR_READ: FFmpegDemuxer: data source error"}',
        "browser",
        "2",
        ("client.network",),
    ),
    Message("MEDIA_ERR_SRC_NOT_SUPPORTED", "browser", "4", ("delivery.not_audio",)),
    Message("MEDIA_ERR_DECODE (3)", "browser", "3", ("file.corrupt",)),
    Message("MEDIA_ERR_NETWORK", "browser", "2", ("client.network",)),
    Message("MEDIA_ERR_ABORTED", "browser", "1"),
    Message(
        "DEMUXER_ERROR_COULD_NOT_OPEN: FFmpegDemuxer: open context failed",
        "browser",
        "DEMUXER_ERROR_COULD_NOT_OPEN",
        ("delivery.not_audio",),
    ),
    Message(
        "PIPELINE_ERROR_DECODE: Failed to send audio packet for decoding",
        "browser",
        "PIPELINE_ERROR_DECODE",
        ("file.corrupt",),
    ),
    Message("Failed to load resource: the server responded with a status of 404 (Not Found)", "browser", "404", GONE),
    Message(
        "Failed to load resource: the server responded with a status of 403 (Forbidden)",
        "browser",
        "403",
        ("delivery.not_served",),
    ),
    Message(
        "Failed to load resource: the server responded with a status of 500 (INTERNAL SERVER ERROR)",
        "browser",
        "500",
        ("delivery.not_served",),
    ),
    Message(
        "Failed to load resource: net::ERR_CONNECTION_REFUSED",
        "browser",
        "net::ERR_CONNECTION_REFUSED",
        ("client.network",),
    ),
    Message(
        "Failed to load resource: net::ERR_NAME_NOT_RESOLVED",
        "browser",
        "net::ERR_NAME_NOT_RESOLVED",
        ("client.network",),
    ),
    Message("net::ERR_CERT_DATE_INVALID", "browser", "net::ERR_CERT_DATE_INVALID", ("delivery.bad_certificate",)),
    Message(
        "net::ERR_CONTENT_LENGTH_MISMATCH 206 (Partial Content)",
        "browser",
        "net::ERR_CONTENT_LENGTH_MISMATCH",
        ("delivery.not_served",),
    ),
    Message("net::ERR_INTERNET_DISCONNECTED", "browser", "net::ERR_INTERNET_DISCONNECTED", ("client.network",)),
    Message(f"GET {_PAGE} 404 (NOT FOUND)", "browser", "404", ("delivery.wrong_url", "file.deleted"), "", "5", _PAGE),
    Message(
        "GET http://192.168.124.3:5000/api/static/generated_music/… 404 (NOT FOUND)",
        "browser",
        "404",
        ("delivery.wrong_url",),
        "",
        None,
        "http://192.168.124.3:5000/api/static/generated_music/…",
    ),
    Message(
        f"GET https://m.example.cn/{FILE}?e=1759046400&token=ak:sig= net::ERR_ABORTED 401 (Unauthorized)",
        "browser",
        "401",
        ("delivery.link_expired",),
        "",
        "5",
        f"https://m.example.cn/{FILE}",
    ),
    Message(
        f"GET https://m.example.cn/{FILE} net::ERR_CONNECTION_TIMED_OUT",
        "browser",
        "net::ERR_CONNECTION_TIMED_OUT",
        ("client.network",),
        "",
        "5",
        f"https://m.example.cn/{FILE}",
    ),
    Message(
        "GET http://h.cn:5000/api/music/check_long_sequence_file/7 404 (NOT FOUND)",
        "browser",
        "404",
        (),
        "",
        "7",
        "http://h.cn:5000/api/music/check_long_sequence_file/7",
    ),
    Message(
        "POST https://h.cn/api/music/create_long_sequence 504 (Gateway Timeout)",
        "browser",
        "504",
        ("client.timed_out",),
        "",
        None,
        "https://h.cn/api/music/create_long_sequence",
    ),
    Message(
        f"HTTP load failed with status 404. Load of media resource https://m.example.cn/{FILE} failed.",
        "browser",
        "404",
        GONE,
        "",
        "5",
        f"https://m.example.cn/{FILE}",
    ),
    Message(
        "HTTP “Content-Type” of “text/html” is not supported. Load of media resource https://m.example.cn/x.wav failed.",
        "browser",
        "Content-Type",
        ("delivery.not_audio",),
        "",
        None,
        "https://m.example.cn/x.wav",
    ),
    Message(
        "Media resource https://m.example.cn/x.wav could not be decoded, error: Error Code: NS_ERROR_DOM_MEDIA_METADATA_ERR (0x806e0006)",
        "browser",
        "NS_ERROR_DOM_MEDIA_METADATA_ERR",
        ("delivery.not_audio",),
        "",
        None,
        "https://m.example.cn/x.wav",
    ),
    Message("NS_ERROR_DOM_MEDIA_DECODE_ERR", "browser", "NS_ERROR_DOM_MEDIA_DECODE_ERR", ("file.corrupt",)),
    Message("Failed to load resource: The network connection was lost.", "browser", "-1005", ("client.network",)),
    Message(
        "Unhandled Promise Rejection: NotSupportedError: The operation is not supported.",
        "browser",
        "NotSupportedError",
        ("delivery.not_audio",),
    ),
    Message(
        "Access to audio at 'https://m.example.cn/x.wav' from origin 'https://a.example.cn' has been blocked by CORS policy",
        "browser",
        "CORS",
        ("delivery.not_served",),
        "",
        None,
        "https://m.example.cn/x.wav",
    ),
    Message("TypeError: Failed to fetch", "browser", "Failed to fetch", ("client.network",)),
)

CLIENT = (
    Message('{"errno": 5, "errMsg": "request:fail timeout"}', "client", "request:fail timeout", ("client.timed_out",)),
    Message('{"errMsg":"request:fail"}', "client", "request:fail", ("client.network",)),
    Message('{"errMsg":"request:fail 请求超时。"}', "client", "request:fail timeout", ("client.timed_out",)),
    Message(
        '{"errMsg":"request:fail 似乎已断开与互联网的连接。"}', "client", "request:fail offline", ("client.network",)
    ),
    Message(
        '{"errMsg":"request:fail url not in domain list"}',
        "client",
        "request:fail url not in domain list",
        ("delivery.wrong_url",),
    ),
    Message('{"errMsg":"request:fail abort"}', "client", "request:fail abort"),
    Message('{"errMsg":"request:fail interrupted"}', "client", "request:fail interrupted", ("client.timed_out",)),
    Message(
        '{"errMsg":"request:fail ssl hand shake error"}', "client", "request:fail ssl", ("delivery.bad_certificate",)
    ),
    Message(
        '{"errMsg":"request:fail 此服务器的证书无效。"}',
        "client",
        "request:fail certificate",
        ("delivery.bad_certificate",),
    ),
    Message(
        '{"errMsg":"request:fail Unable to resolve host \\"h.cn\\": No address associated with hostname"}',
        "client",
        "request:fail name not resolved",
        ("client.network",),
    ),
    Message(
        '{"errMsg":"request:fail Failed to connect to /192.168.124.3:5000"}',
        "client",
        "request:fail cannot connect",
        ("client.network",),
    ),
    Message(
        '{"errno":600001,"errMsg":"request:fail errcode:-118 cronet_error_code:-118 error_msg:net::ERR_CONNECTION_TIMED_OUT"}',
        "client",
        "request:fail timeout",
        ("client.timed_out",),
    ),
    Message(
        '{"errMsg":"request:fail errcode:-101 cronet_error_code:-101 error_msg:net::ERR_CONNECTION_RESET"}',
        "client",
        "request:fail connection lost",
        ("client.network",),
    ),
    Message(
        '{"errMsg":"request:fail invalid url \\"undefined/static\\""}',
        "client",
        "request:fail invalid url",
        ("delivery.wrong_url",),
    ),
    Message('{"errMsg":"downloadFile:fail timeout"}', "client", "downloadFile:fail timeout", ("client.network",)),
    Message('{"errMsg":"downloadFile:fail exceed max file size"}', "client", "downloadFile:fail file too large"),
    Message('{"errMsg":"uploadFile:fail"}', "client", "uploadFile:fail", ("client.network",)),
    Message(
        "saveFile:fail the maximum size of the file storage limit is exceeded", "client", "saveFile:fail storage full"
    ),
    Message("AxiosError: timeout of 120000ms exceeded", "client", "timeout", ("client.timed_out",)),
    Message("Error: Network Error", "client", "Network Error", ("client.network",)),
    Message("Request failed with status code 404", "client", "404", GONE),
    Message('{"statusCode":401,"data":{"msg":"token expired"}}', "client", "401", ("delivery.link_expired",)),
    Message('{"errMsg":"IO错误","errCode":-5}', "client", "-5", ("delivery.not_audio",)),
    Message("{errCode: 10001}", "client", "10001", ("delivery.not_audio",), "10001"),
    Message('{"errCode":10002,"errMsg":""}', "client", "10002", ("delivery.link_expired",), "10002"),
    Message("错误码：10003", "client", "10003", ("file.deleted",), "10003"),
    Message("10004", "client", "10004", ("delivery.not_audio",), "10004"),
    Message('{errMsg: "fail to active audio module", errCode: 10005}', "client", "10005", (), "10005"),
    Message("errCode: -1", "client", "-1", (), "-1"),
    Message("errCode: 100001", "client", "100001", ("delivery.not_audio",), "100001"),
)

UNKNOWN = (
    Message("放不出来，一直转圈", "unknown", ""),
    Message("-1100", "unknown", ""),
    Message("errCode: 55", "unknown", ""),
    Message("404", "unknown", ""),
    Message("会话 12 打不开", "unknown", "", session_id="12"),
)

MESSAGES = IOS + ANDROID + BROWSER + CLIENT + UNKNOWN
