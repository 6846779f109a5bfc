"""What iOS reports of a failed playback: AVFoundation and CoreMedia, which WeChat shows as INNERERRCODE."""

from __future__ import annotations

from diagnostics.domain.player_errors import checks, suspects
from diagnostics.domain.player_errors.entries import Entry, entry

_DAMAGED = entry(
    "The phone could not decode the audio: the file is damaged or cut off, or the server answered something else.",
    "手机无法解码音频：文件损坏或不完整，或服务器返回了别的内容。",
    suspects.DAMAGED,
    checks.WHOLE_FILE,
)
_NO_RANGES = entry(
    "The server does not answer requests for parts of a file as iOS needs it; Android may play the same file.",
    "服务器没有按 iOS 的要求响应分段请求；同一文件在 Android 上可能正常播放。",
    suspects.RANGE,
    checks.RANGE,
)
_PROTECTED = entry(
    "The content is protected, and the phone may not play it.",
    "内容受版权保护，手机无权播放。",
    suspects.NONE,
    checks.CLIENT_CODE,
)
_NO_MEMORY = entry("The phone ran out of memory.", "手机内存不足。", suspects.NONE, checks.PHONE)
_REFUSED_BY_SERVER = entry(
    "The server answered with an error (4xx or 5xx).",
    "服务器返回了错误（4xx 或 5xx）。",
    suspects.SERVER,
    checks.SERVER_LOG,
)
_TIMED_OUT = entry("The audio did not come in time.", "音频没有及时送达。", suspects.SLOW, checks.SPEED)

IOS_MEDIA: dict[str, Entry] = {
    "-11800": entry(
        "The phone could not play it and names no reason; the code behind it, where printed, tells more.",
        "手机无法播放且没有说明原因；如果后面还有错误码，那个更能说明问题。",
        (*suspects.NOT_AUDIO, "delivery.not_served"),
        checks.FIRST_BYTES,
    ),
    "-11801": _NO_MEMORY,
    "-11803": entry(
        "The phone's player was not ready for what the client asked of it.",
        "手机播放器尚未就绪，无法执行客户端的操作。",
        suspects.NONE,
        checks.CLIENT_CODE,
    ),
    "-11807": entry("The phone's storage is full.", "手机存储空间已满。", suspects.NONE, checks.PHONE_SPACE),
    "-11818": entry("Another app took over the sound.", "其他应用占用了声音。", suspects.NONE, checks.PHONE),
    "-11819": entry(
        "The phone's media services were restarted.", "手机的媒体服务重启了。", suspects.NONE, checks.PHONE
    ),
    "-11821": _DAMAGED,
    "-11822": _DAMAGED,
    "-11829": _DAMAGED,
    "-11853": _DAMAGED,
    "-11855": _DAMAGED,
    "-11823": entry(
        "A file of this name is already on the phone.", "手机上已有同名文件。", suspects.NONE, checks.CLIENT_CODE
    ),
    "-11828": entry(
        "The phone does not recognise a format: no Content-Length, no answer to ranges, or no audio at all.",
        "手机无法识别格式：缺少 Content-Length、不支持分段请求，或内容根本不是音频。",
        ("delivery.no_range", "delivery.not_audio", "file.corrupt"),
        checks.FIRST_BYTES,
    ),
    "-11833": entry(
        "The phone has no decoder for this audio.", "手机没有这种音频的解码器。", suspects.NOT_AUDIO, checks.FORMAT
    ),
    "-11848": entry(
        "The phone cannot play this kind of audio.", "手机无法播放这种音频。", suspects.NOT_AUDIO, checks.FORMAT
    ),
    "-11831": _PROTECTED,
    "-11835": _PROTECTED,
    "-11838": entry(
        "The phone does not support this operation on this audio.",
        "手机不支持对该音频执行此操作。",
        suspects.NOT_AUDIO,
        checks.FORMAT,
    ),
    "-11839": entry(
        "The phone's decoder was busy for the moment.", "手机的解码器暂时被占用。", suspects.NONE, checks.PHONE
    ),
    "-11847": entry(
        "The playback was interrupted by something else on the phone.",
        "播放被手机上的其他操作打断。",
        suspects.NONE,
        checks.PHONE,
    ),
    "-11849": entry("The client stopped the operation.", "客户端停止了该操作。", suspects.NONE, checks.PHONE),
    "-11850": _NO_RANGES,
    "-11863": entry("The audio was not available just then.", "音频当时不可用。", suspects.SERVER, checks.SERVER_LOG),
    "-12660": entry(
        "The server refuses to hand out the file (403).",
        "服务器拒绝提供这个文件（403）。",
        suspects.REFUSED,
        checks.REFUSAL,
    ),
    "-12937": entry(
        "The server asks for a login (401): as a rule the signed link has expired.",
        "服务器要求认证（401）：通常是签名链接已过期。",
        suspects.SIGNATURE,
        checks.SIGNED_LINK,
    ),
    "-16840": entry(
        "The server asks for a login (401): the link is not signed, or no longer valid.",
        "服务器要求认证（401）：链接没有签名，或已失效。",
        suspects.SIGNATURE,
        checks.SIGNED_LINK,
    ),
    "-12938": entry(
        "The server has no file at the address (404).",
        "该地址在服务器上没有文件（404）。",
        suspects.GONE,
        checks.FILE_AND_URL,
    ),
    "-12939": _NO_RANGES,
    "-12666": _REFUSED_BY_SERVER,
    "-12889": _TIMED_OUT,
    "-16041": entry(
        "The address has no ending such as .wav, or the Content-Type does not fit it.",
        "地址没有 .wav 之类的扩展名，或 Content-Type 与之不符。",
        ("delivery.not_audio", "path.bad_name", "delivery.wrong_url"),
        checks.FIRST_BYTES,
    ),
    "0": entry(
        "The phone reports an error without a reason; nothing is known of it but that single phones show it.",
        "手机报错但没有给出原因；目前只知道个别手机会出现。",
        suspects.NONE,
        checks.ASK_ALL,
    ),
    "-1": entry(
        "The phone reports an unknown error; seen with addresses that are not https.",
        "手机报告未知错误；曾见于非 https 的地址。",
        ("delivery.wrong_url", "delivery.not_audio"),
        checks.SCHEME,
    ),
}
