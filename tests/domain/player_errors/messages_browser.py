"""Messages of browsers and their consoles, as users and tickets hold them."""

from __future__ import annotations

from tests.domain.player_errors.message import FILE, GONE, Message

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
