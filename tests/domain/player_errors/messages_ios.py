"""Messages of iPhones, as users and tickets hold them."""

from __future__ import annotations

from tests.domain.player_errors.message import GONE, Message

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
