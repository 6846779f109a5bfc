"""Messages of the client's own calls, and texts that nothing is known of."""

from __future__ import annotations

from tests.domain.player_errors.message import GONE, Message

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
