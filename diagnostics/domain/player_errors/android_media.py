"""What Android's own players report where the client does not use WeChat's: MediaPlayer, Media3 (ExoPlayer)."""

from __future__ import annotations

from diagnostics.domain.player_errors import checks, suspects
from diagnostics.domain.player_errors.entries import Entry, entry

_BAD_CONTAINER = entry(
    "The player could not read the file: it is damaged, or it is no audio.",
    "播放器无法解析文件：文件损坏，或不是音频。",
    suspects.NOT_AUDIO,
    checks.FIRST_BYTES,
)
_UNSUPPORTED = entry(
    "The player does not support this kind of audio.", "播放器不支持这种音频。", suspects.NOT_AUDIO, checks.FORMAT
)
_NETWORK = entry("The connection failed.", "网络连接失败。", suspects.NO_ANSWER, checks.PORT)
_TIMED_OUT = entry(
    "The server did not send the audio in time.", "服务器没有及时送出音频。", suspects.SLOW, checks.SPEED
)
_NOT_DECODED = entry("The phone could not decode the audio.", "手机无法解码音频。", suspects.DAMAGED, checks.WHOLE_FILE)
_OUTPUT = entry("The phone could not play its sound.", "手机无法输出声音。", suspects.NONE, checks.PHONE)
_OUR_PLAYER = entry("The player itself failed.", "播放器自身出错。", suspects.NONE, checks.CLIENT_CODE)

MEDIA_PLAYER: dict[str, Entry] = {
    "1": entry(
        "The player failed and names no reason.",
        "播放器出错且没有说明原因。",
        suspects.NO_SOURCE,
        checks.FIRST_BYTES,
    ),
    "100": entry("The phone's media service died.", "手机的媒体服务异常退出。", suspects.NONE, checks.PHONE),
    "200": entry(
        "The file cannot be played while it is being fetched.",
        "文件无法边下载边播放。",
        suspects.NOT_AUDIO,
        checks.FORMAT,
    ),
    "-1004": entry(
        "The player could not read from the file or the network.",
        "播放器无法从文件或网络读取数据。",
        suspects.NO_ANSWER,
        checks.SERVER_LOG,
    ),
    "-1007": _BAD_CONTAINER,
    "-1010": _UNSUPPORTED,
    "-110": _TIMED_OUT,
    "-38": _OUR_PLAYER,
    "-2147483648": entry(
        "The phone's player failed in a way of its own.",
        "手机播放器内部出错。",
        suspects.NO_SOURCE,
        checks.FIRST_BYTES,
    ),
}
MEDIA_PLAYER_NAMES = {
    "MEDIA_ERROR_UNKNOWN": "1",
    "MEDIA_ERROR_SERVER_DIED": "100",
    "MEDIA_ERROR_NOT_VALID_FOR_PROGRESSIVE_PLAYBACK": "200",
    "MEDIA_ERROR_IO": "-1004",
    "MEDIA_ERROR_MALFORMED": "-1007",
    "MEDIA_ERROR_UNSUPPORTED": "-1010",
    "MEDIA_ERROR_TIMED_OUT": "-110",
    "MEDIA_ERROR_SYSTEM": "-2147483648",
}

MEDIA3: dict[str, Entry] = {
    "1000": _OUR_PLAYER,
    "1003": _TIMED_OUT,
    "1004": _OUR_PLAYER,
    "2000": _NETWORK,
    "2001": _NETWORK,
    "2002": _TIMED_OUT,
    "2003": entry(
        "The server's answer is no audio by its Content-Type.",
        "按 Content-Type 判断，服务器返回的不是音频。",
        ("delivery.not_audio", "delivery.link_expired"),
        checks.FIRST_BYTES,
    ),
    "2004": entry(
        "The server answered with an error (4xx or 5xx).",
        "服务器返回了错误（4xx 或 5xx）。",
        ("delivery.not_served", "file.deleted", "file.never_written", "delivery.wrong_url", "delivery.link_expired"),
        checks.SERVER_LOG,
    ),
    "2005": entry(
        "The player found no file at the place in the phone's storage.",
        "播放器在手机存储中找不到文件。",
        suspects.LOCAL_OR_GONE,
        checks.LOCAL_FILE,
    ),
    "2006": entry(
        "The player may not read the file or use the network.",
        "播放器无权读取文件或使用网络。",
        suspects.NONE,
        checks.LOCAL_FILE,
    ),
    "2007": entry(
        "The phone refuses addresses without encryption (http instead of https).",
        "手机拒绝未加密的地址（http 而不是 https）。",
        ("delivery.wrong_url", "path.remote"),
        checks.SCHEME,
    ),
    "2008": entry(
        "The player asked for a part behind the file's end: the file is shorter than was said.",
        "播放器请求的部分超出了文件末尾：文件比声明的短。",
        suspects.PAST_THE_END,
        checks.RANGE,
    ),
    **dict.fromkeys(("3001", "3002"), _BAD_CONTAINER),
    **dict.fromkeys(("3003", "3004", "4004", "4005"), _UNSUPPORTED),
    **dict.fromkeys(("4001", "4002", "4003"), _NOT_DECODED),
    **dict.fromkeys(("5001", "5002"), _OUTPUT),
}
MEDIA3_NAMES = {
    "ERROR_CODE_UNSPECIFIED": "1000",
    "ERROR_CODE_TIMEOUT": "1003",
    "ERROR_CODE_FAILED_RUNTIME_CHECK": "1004",
    "ERROR_CODE_IO_UNSPECIFIED": "2000",
    "ERROR_CODE_IO_NETWORK_CONNECTION_FAILED": "2001",
    "ERROR_CODE_IO_NETWORK_CONNECTION_TIMEOUT": "2002",
    "ERROR_CODE_IO_INVALID_HTTP_CONTENT_TYPE": "2003",
    "ERROR_CODE_IO_BAD_HTTP_STATUS": "2004",
    "ERROR_CODE_IO_FILE_NOT_FOUND": "2005",
    "ERROR_CODE_IO_NO_PERMISSION": "2006",
    "ERROR_CODE_IO_CLEARTEXT_NOT_PERMITTED": "2007",
    "ERROR_CODE_IO_READ_POSITION_OUT_OF_RANGE": "2008",
    "ERROR_CODE_PARSING_CONTAINER_MALFORMED": "3001",
    "ERROR_CODE_PARSING_MANIFEST_MALFORMED": "3002",
    "ERROR_CODE_PARSING_CONTAINER_UNSUPPORTED": "3003",
    "ERROR_CODE_PARSING_MANIFEST_UNSUPPORTED": "3004",
    "ERROR_CODE_DECODER_INIT_FAILED": "4001",
    "ERROR_CODE_DECODER_QUERY_FAILED": "4002",
    "ERROR_CODE_DECODING_FAILED": "4003",
    "ERROR_CODE_DECODING_FORMAT_EXCEEDS_CAPABILITIES": "4004",
    "ERROR_CODE_DECODING_FORMAT_UNSUPPORTED": "4005",
    "ERROR_CODE_AUDIO_TRACK_INIT_FAILED": "5001",
    "ERROR_CODE_AUDIO_TRACK_WRITE_FAILED": "5002",
}
