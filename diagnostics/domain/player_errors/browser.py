"""What browsers and WeChat's developer tools report of a player: MediaError, DOMException, the words of each engine."""

from __future__ import annotations

from diagnostics.domain.player_errors import checks, suspects
from diagnostics.domain.player_errors.entries import Entry, entry

NO_SOURCE = entry(
    "The browser got nothing that it can play; it says the same of a missing file, an error page and a login page.",
    "浏览器没有拿到可以播放的内容；文件不存在、返回错误页或登录页时，报错都是这一句。",
    suspects.NO_SOURCE,
    checks.FIRST_BYTES,
)
NETWORK = entry(
    "The connection broke off after the audio had begun to load.",
    "音频开始加载之后连接中断。",
    suspects.CUT,
    checks.SERVER_LOG,
)
DAMAGED = entry(
    "The browser could not decode the audio part way through it.",
    "浏览器在解码音频的过程中出错。",
    suspects.DAMAGED,
    checks.WHOLE_FILE,
)
LEFT = entry(
    "The load was given up: the user left, or another audio was started.",
    "加载被放弃：用户离开了页面，或开始播放另一段音频。",
    suspects.NONE,
    checks.CLIENT_CODE,
)
NO_ADDRESS = entry(
    "The player was given an empty address.",
    "播放器拿到的地址是空的。",
    ("path.missing", "client.bad_response", "delivery.wrong_url"),
    checks.ANSWER,
)
NO_CONTAINER = entry(
    "The browser could not open the audio: it is no audio, or its beginning is damaged.",
    "浏览器无法打开音频：内容不是音频，或文件开头损坏。",
    suspects.NOT_AUDIO,
    checks.FIRST_BYTES,
)
RENDERER = entry(
    "The computer or phone could not play its sound.", "电脑或手机无法输出声音。", suspects.NONE, checks.PHONE
)

MEDIA_ERRORS: dict[str, Entry] = {"1": LEFT, "2": NETWORK, "3": DAMAGED, "4": NO_SOURCE}
MEDIA_ERROR_NAMES = {
    "MEDIA_ERR_ABORTED": "1",
    "MEDIA_ERR_NETWORK": "2",
    "MEDIA_ERR_DECODE": "3",
    "MEDIA_ERR_SRC_NOT_SUPPORTED": "4",
}
# Behind MEDIA_ELEMENT_ERROR Chromium says why it reports code 4.
ELEMENT_ERRORS = {"empty src attribute": NO_ADDRESS}

DOM_EXCEPTIONS: dict[str, Entry] = {
    "EncodingError": entry(
        "The browser could not decode what the server sent: often it is an error page, not audio.",
        "浏览器无法解码服务器返回的内容：往往是错误页面，而不是音频。",
        suspects.DECODED,
        checks.FIRST_BYTES,
    ),
    "NotSupportedError": NO_SOURCE,
    "NotAllowedError": entry(
        "The browser plays no sound before the user has touched the page.",
        "用户操作页面之前，浏览器不允许播放声音。",
        suspects.NONE,
        checks.TAP,
    ),
    "AbortError": LEFT,
    "QuotaExceededError": entry(
        "The browser has no room left for what it fetches.",
        "浏览器没有足够的空间存放下载内容。",
        suspects.NONE,
        checks.PHONE_SPACE,
    ),
    "SecurityError": entry(
        "The browser does not let the page use this address.",
        "浏览器不允许页面使用该地址。",
        ("delivery.wrong_url", "delivery.not_served"),
        checks.HEADERS,
    ),
    "InvalidStateError": entry(
        "The client asked for something that its player could not do at that moment.",
        "客户端的播放器当时无法执行该操作。",
        suspects.NONE,
        checks.CLIENT_CODE,
    ),
    "TimeoutError": entry(
        "The browser's wait for the audio ended.", "浏览器等待音频超时。", suspects.SLOW, checks.SPEED
    ),
}

PIPELINE: dict[str, Entry] = {
    "DEMUXER_ERROR_COULD_NOT_OPEN": NO_CONTAINER,
    "DEMUXER_ERROR_COULD_NOT_PARSE": NO_CONTAINER,
    "DEMUXER_ERROR_NO_SUPPORTED_STREAMS": NO_CONTAINER,
    "DECODER_ERROR_NOT_SUPPORTED": NO_CONTAINER,
    "CHUNK_DEMUXER_ERROR_APPEND_FAILED": NO_CONTAINER,
    "PIPELINE_ERROR_INITIALIZATION_FAILED": NO_CONTAINER,
    "PIPELINE_ERROR_DECODE": DAMAGED,
    "PIPELINE_ERROR_READ": NETWORK,
    "PIPELINE_ERROR_NETWORK": NETWORK,
    "PIPELINE_ERROR_ABORT": LEFT,
    "PIPELINE_ERROR_COULD_NOT_RENDER": RENDERER,
    "AUDIO_RENDERER_ERROR": RENDERER,
    # Firefox
    "NS_ERROR_DOM_MEDIA_METADATA_ERR": NO_CONTAINER,
    "NS_ERROR_DOM_MEDIA_DEMUXER_ERR": NO_CONTAINER,
    "NS_ERROR_DOM_MEDIA_NOT_SUPPORTED_ERR": NO_SOURCE,
    "NS_ERROR_DOM_MEDIA_DECODE_ERR": DAMAGED,
    "NS_ERROR_DOM_MEDIA_FATAL_ERR": DAMAGED,
    "NS_ERROR_DOM_MEDIA_RANGE_ERR": DAMAGED,
    "NS_ERROR_DOM_MEDIA_ABORT_ERR": LEFT,
    "NS_ERROR_DOM_MEDIA_CUBEB_INITIALIZATION_ERR": RENDERER,
}
