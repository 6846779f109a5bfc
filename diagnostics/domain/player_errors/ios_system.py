"""What iOS' own layers report below a player: OSStatus and its four-letter codes, Cocoa and POSIX errors."""

from __future__ import annotations

from diagnostics.domain.player_errors import checks, suspects
from diagnostics.domain.player_errors.entries import Entry, entry

_NO_FILE_ON_PHONE = entry(
    "The phone found no file at the place in its own storage.",
    "手机在自己的存储中找不到文件。",
    suspects.LOCAL_OR_GONE,
    checks.LOCAL_FILE,
)
_NOT_READABLE_ON_PHONE = entry(
    "The phone may not read the file in its own storage.",
    "手机无权读取自己存储中的文件。",
    suspects.NONE,
    checks.LOCAL_FILE,
)
_PHONE_IS_FULL = entry("The phone's storage is full.", "手机存储空间已满。", suspects.NONE, checks.PHONE_SPACE)
_SESSION = entry(
    "The phone could not give the sound to WeChat.", "手机无法把声音交给微信使用。", suspects.NONE, checks.PHONE
)

# Codes of four letters are printed as one number: 560557684 is `!int`.
IOS_STATUS: dict[str, Entry] = {
    "560557684": entry(
        "Another app or a call holds the sound, and WeChat may not interrupt it (`!int`).",
        "其他应用或通话占用了声音，微信不能打断（`!int`）。",
        suspects.NONE,
        checks.PHONE,
    ),
    "561015905": entry(
        "The phone did not allow WeChat to begin the playback (`!pla`).",
        "手机不允许微信开始播放（`!pla`）。",
        suspects.NONE,
        checks.PHONE,
    ),
    "561017449": entry(
        "Something of higher priority holds the sound, such as a call (`!pri`).",
        "优先级更高的操作（例如通话）占用了声音（`!pri`）。",
        suspects.NONE,
        checks.PHONE,
    ),
    "560030580": entry(
        "The phone's sound was busy just then (`!act`).",
        "手机的声音当时正忙（`!act`）。",
        suspects.NONE,
        checks.PHONE,
    ),
    "561145203": _SESSION,  # !res
    "561210739": _SESSION,  # !ses
    "2003329396": entry(
        "The phone's sound system reports an unnamed error (`what`).",
        "手机的声音系统报告了未说明的错误（`what`）。",
        suspects.NONE,
        checks.PHONE,
    ),
    "1836282486": entry(
        "The phone's media services were restarted (`msrv`).",
        "手机的媒体服务重启了（`msrv`）。",
        suspects.NONE,
        checks.PHONE,
    ),
    "1718449215": entry(
        "The phone does not support this audio format (`fmt?`).",
        "手机不支持这种音频格式（`fmt?`）。",
        suspects.NOT_AUDIO,
        checks.FORMAT,
    ),
    "1954115647": entry(
        "The phone does not recognise a file of this type (`typ?`).",
        "手机无法识别这种类型的文件（`typ?`）。",
        suspects.NOT_AUDIO,
        checks.FIRST_BYTES,
    ),
    "1685348671": entry(
        "The file is not a valid audio file (`dta?`).",
        "文件不是有效的音频文件（`dta?`）。",
        suspects.DAMAGED,
        checks.WHOLE_FILE,
    ),
    "2003334207": entry(
        "The phone could not read the audio and names no reason (`wht?`).",
        "手机无法读取音频且没有说明原因（`wht?`）。",
        suspects.NOT_AUDIO,
        checks.FIRST_BYTES,
    ),
    "1852077119": entry(
        "The phone cannot use this audio (`ndt?`): as a rule the data is missing or damaged.",
        "手机无法使用这段音频（`ndt?`）：通常是数据缺失或损坏。",
        suspects.DAMAGED,
        checks.FIRST_BYTES,
    ),
    "1869640813": entry(
        "The file ends before the place that was asked for (`optm`).",
        "文件在请求的位置之前就结束了（`optm`）。",
        suspects.PAST_THE_END,
        checks.WHOLE_FILE,
    ),
    "200333420": entry(
        "The audio's encoding does not fit its file name's ending.",
        "音频的编码与文件扩展名不符。",
        ("delivery.not_audio", "file.corrupt", "path.bad_name"),
        checks.FIRST_BYTES,
    ),
    "-66671": entry(
        "The phone took the sound away from WeChat while it played.",
        "播放过程中，手机收回了微信的声音。",
        suspects.NONE,
        checks.PHONE,
    ),
    "-66681": _SESSION,
    "-50": entry(
        "The phone's sound system was given a value that it does not take.",
        "手机的声音系统收到了无效的参数。",
        suspects.NONE,
        checks.CLIENT_CODE,
    ),
    "-39": entry(
        "The audio ended earlier than its header says.",
        "音频比文件头所说的更早结束。",
        ("file.truncated", "file.corrupt"),
        checks.WHOLE_FILE,
    ),
    "-43": _NO_FILE_ON_PHONE,
    "-54": _NOT_READABLE_ON_PHONE,
}

IOS_COCOA: dict[str, Entry] = {
    "2": _NO_FILE_ON_PHONE,
    "4": _NO_FILE_ON_PHONE,
    "260": _NO_FILE_ON_PHONE,
    "256": _NOT_READABLE_ON_PHONE,
    "257": _NOT_READABLE_ON_PHONE,
    "513": _NOT_READABLE_ON_PHONE,
    "640": _PHONE_IS_FULL,
}

IOS_POSIX: dict[str, Entry] = {
    "2": _NO_FILE_ON_PHONE,
    "13": _NOT_READABLE_ON_PHONE,
    "28": _PHONE_IS_FULL,
    **{
        code: entry("The phone's network broke off.", "手机的网络中断了。", suspects.NETWORK, checks.OTHER_NETWORK)
        for code in ("32", "50", "51", "53", "54", "57", "65")
    },
    "60": entry("The connection timed out.", "连接超时。", suspects.SLOW, checks.SPEED),
    "61": entry("The server refused the connection.", "服务器拒绝了连接。", suspects.NO_ANSWER, checks.PORT),
}
