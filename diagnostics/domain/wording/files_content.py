"""What is said of a file that is there, but is not the whole audio of its session."""

from __future__ import annotations

from diagnostics.domain.wording import user
from diagnostics.domain.wording.entry import Family, Wording

FILES_CONTENT: Family = {
    "file.empty": {
        "en": Wording(
            title="File is empty",
            sentence="The file “{path}” is there, but holds zero bytes.",
            meaning="It was opened for writing and nothing was ever written: typical of a full disk or a killed process.",
            next_step="Check that the disk has room, then have the audio generated again.",
            tell_user=user.DAMAGED["en"],
        ),
        "zh-hans": Wording(
            title="文件为空",
            sentence="文件“{path}”存在，但大小为零字节。",
            meaning="文件创建后没有写入任何内容，常见于磁盘已满或进程被终止。",
            next_step="先确认磁盘有空间，再重新生成音频。",
            tell_user=user.DAMAGED["zh-hans"],
        ),
    },
    "file.corrupt": {
        "en": Wording(
            title="File is not playable audio",
            sentence="The file “{path}” is no WAV file that a player could read.",
            meaning="The bytes at the path are not usable audio: an error page saved under an audio name is the classic.",
            next_step="Look at the first bytes of the file to see what was saved, then have the audio generated again.",
            tell_user=user.DAMAGED["en"],
            variants={
                "not_wave": "The file “{path}” is not a WAV file, whatever its name says.",
                "no_format": "The file “{path}” is a WAV file without a format, so no player can read it.",
                "bad_format": "The file “{path}” is a WAV file with an impossible format, so no player can read it.",
                "no_data": "The file “{path}” is a WAV file without any audio in it.",
            },
        ),
        "zh-hans": Wording(
            title="文件不是可播放的音频",
            sentence="文件“{path}”不是播放器能够读取的 WAV 文件。",
            meaning="该处的内容不是可用的音频，最常见的是把错误页面存成了音频文件。",
            next_step="先看文件开头的内容，弄清保存了什么，再重新生成音频。",
            tell_user=user.DAMAGED["zh-hans"],
            variants={
                "not_wave": "文件“{path}”虽然以音频命名，却不是 WAV 文件。",
                "no_format": "WAV 文件“{path}”缺少格式信息，播放器无法读取。",
                "bad_format": "WAV 文件“{path}”的格式信息不可能成立，播放器无法读取。",
                "no_data": "WAV 文件“{path}”中没有任何音频数据。",
            },
        ),
    },
    "file.truncated": {
        "en": Wording(
            title="File breaks off",
            sentence="The file breaks off: {present_seconds} of {declared_seconds} are there ({present_percent}).",
            meaning="Writing stopped before the end, most often because the disk filled up or the process was killed.",
            next_step="Check disk and generator at the time the file was last changed, then have it generated again.",
            tell_user=user.DAMAGED["en"],
            variants={
                "unfinalised": "The file was never finished: {present_seconds} of {declared_seconds} are there "
                "({present_percent}), and its header is still open.",
                "unfinalised_of_unknown_length": "The file was never finished: it holds {present_seconds} of audio, and "
                "its header is still open.",
            },
        ),
        "zh-hans": Wording(
            title="文件不完整",
            sentence="文件中断了：应有 {declared_seconds}，实有 {present_seconds}（{present_percent}）。",
            meaning="写入在结束前停止，最常见的原因是磁盘写满或进程被终止。",
            next_step="先检查文件最后修改时的磁盘和生成进程，再重新生成音频。",
            tell_user=user.DAMAGED["zh-hans"],
            variants={
                "unfinalised": "文件没有写完：应有 {declared_seconds}，实有 {present_seconds}（{present_percent}），"
                "文件头尚未收尾。",
                "unfinalised_of_unknown_length": "文件没有写完：已有 {present_seconds} 的音频，文件头尚未收尾。",
            },
        ),
    },
    "file.name_collision": {
        "en": Wording(
            title="Several sessions claim one file",
            sentence="Session {owner_id} owns “{path}” by its name, yet this session claims it too ({others}).",
            meaning="Sessions generated at the same time wrote to one name, so at most one of them has its own audio.",
            next_step="Have this session's audio generated again, and check how the host makes its file names unique.",
            tell_user=user.NOT_YOURS["en"],
            variants={
                "without_owner": "The file “{path}” is claimed by this session and by others ({others}), and its name "
                "bears the id of none of them.",
            },
        ),
        "zh-hans": Wording(
            title="多个会话指向同一文件",
            sentence="按文件名，“{path}”属于会话 {owner_id}，但该会话也指向它（同时指向的会话：{others}）。",
            meaning="同时生成的会话写入了同一个文件名，其中最多只有一个拿到了自己的音频。",
            next_step="重新生成该会话的音频，并检查主系统如何保证文件名不重复。",
            tell_user=user.NOT_YOURS["zh-hans"],
            variants={
                "without_owner": "该会话与其他会话（{others}）都指向“{path}”，而文件名中的编号不属于其中任何一个。",
            },
        ),
    },
    "file.size_mismatch": {
        "en": Wording(
            title="Size differs from the row",
            sentence="The file is a whole WAV of {size_bytes:exact}, but the row says {claimed_bytes:exact}.",
            meaning="The file is not the one that the host measured when it finished: written over, or measured too "
            "early.",
            next_step="Listen to the file; if it is the right piece, correct the size in the row, else have it generated "
            "again.",
            tell_user=user.CHECKING["en"],
        ),
        "zh-hans": Wording(
            title="大小与记录不符",
            sentence="文件是完整的 WAV，大小为 {size_bytes:exact}，而记录写的是 {claimed_bytes:exact}。",
            meaning="现在的文件不是主系统完成时测量的那一个：可能被覆盖，也可能测量得太早。",
            next_step="先试听文件：内容正确就更正记录中的大小，否则重新生成。",
            tell_user=user.CHECKING["zh-hans"],
        ),
    },
    "file.wrong_duration": {
        "en": Wording(
            title="Length differs from the row",
            sentence="The audio lasts {duration_seconds}, shorter than the {claimed_seconds} that the row says.",
            meaning="The file is whole, but it is not as long as the user asked for: segments are missing or doubled.",
            next_step="Have the audio generated again, and check how the segments are joined.",
            tell_user=user.DAMAGED["en"],
            variants={
                "longer": "The audio lasts {duration_seconds}, longer than the {claimed_seconds} that the row says.",
            },
        ),
        "zh-hans": Wording(
            title="时长与记录不符",
            sentence="音频长 {duration_seconds}，比记录所写的 {claimed_seconds} 短。",
            meaning="文件完整，但时长与用户选择的不同：缺少了片段，或有片段重复。",
            next_step="重新生成音频，并检查片段的拼接过程。",
            tell_user=user.DAMAGED["zh-hans"],
            variants={"longer": "音频长 {duration_seconds}，比记录所写的 {claimed_seconds} 长。"},
        ),
    },
    "file.silent": {
        "en": Wording(
            title="Audio is silent",
            sentence="The audio is silent from {silent_from_seconds} to its end: {silent_seconds}, {silent_percent} of "
            "the piece.",
            meaning="The file is whole, but from there on it holds nothing to hear: the engine wrote zeros instead of "
            "sound, or the data was lost after it was written.",
            next_step="Have the audio generated again, and check the sources that the engine mixed.",
            tell_user=user.SILENT["en"],
            variants={
                "throughout": "The audio is silent from beginning to end: {silent_seconds}, and not one sound.",
                "at_least": "The audio is silent to its end for {silent_seconds} at least ({silent_percent} of the "
                "piece): it was not listened to further than that.",
            },
        ),
        "zh-hans": Wording(
            title="音频没有声音",
            sentence="音频从 {silent_from_seconds} 起直到结尾都没有声音，共 {silent_seconds}，占全长的 {silent_percent}。",
            meaning="文件完整，但从这一处起听不到内容：合成引擎写入的是零而不是声音，或者数据在写入后丢失了。",
            next_step="重新生成音频，并检查合成时使用的素材。",
            tell_user=user.SILENT["zh-hans"],
            variants={
                "throughout": "音频从头到尾没有声音，共 {silent_seconds}。",
                "at_least": "音频结尾至少有 {silent_seconds} 没有声音（占全长的 {silent_percent}），更早的部分还没有检听。",
            },
        ),
    },
}
