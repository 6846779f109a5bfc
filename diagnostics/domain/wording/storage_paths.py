"""What is said where a session could not be checked, and of the path that its row names."""

from __future__ import annotations

from diagnostics.domain.wording import user
from diagnostics.domain.wording.entry import Family, Wording

STORAGE_AND_PATHS: Family = {
    "storage.unavailable": {
        "en": Wording(
            title="Storage could not be checked",
            sentence="The audio storage could not be read, so the file was not checked and nothing is said about it.",
            meaning="The dashboard could not look at the audio folder. The file may be perfectly well: this session is "
            "unknown, not broken.",
            next_step="Make the audio folder reachable from the dashboard's machine again; the next pass then judges "
            "the session.",
            tell_user=user.CHECKING["en"],
            variants={
                "missing": "The audio folder does not exist on the dashboard's machine, so the file was not checked.",
                "unreadable": "The dashboard has no right to read the audio folder, so the file was not checked.",
                "io_error": "Reading the audio storage ended in an error of the device ({detail}), so the file was "
                "not checked.",
                "timeout": "The audio storage did not answer in time, so the file was not checked.",
                "empty": "The audio folder is empty although rows claim files, which looks like a lost mount; the file "
                "was not judged.",
                "other_device": "Another device than before stands at the audio folder, so the file was not judged.",
                "not_configured": "No audio folder is configured (AUDIO_ROOT), so the file was not checked.",
                "timeout_since": "The audio storage has not answered since {since_at}, so the file was not checked.",
                "no_helper": "The process that looks at the audio storage could not work ({detail}), so the file was not "
                "checked.",
                "undecided": "The file was not found, but not everything answered that could say where it is, so nothing "
                "is said about it.",
            },
        ),
        "zh-hans": Wording(
            title="存储无法检查",
            sentence="音频存储无法读取，没有检查文件，因此不对文件下结论。",
            meaning="系统看不到音频目录。文件可能完好无损：该会话的状态是未知，而不是异常。",
            next_step="先恢复本机对音频目录的访问，下一次巡检会重新判断该会话。",
            tell_user=user.CHECKING["zh-hans"],
            variants={
                "missing": "本机上找不到音频目录，没有检查文件。",
                "unreadable": "本系统没有读取音频目录的权限，没有检查文件。",
                "io_error": "读取音频存储时设备报错（{detail}），没有检查文件。",
                "timeout": "音频存储没有在限定时间内响应，没有检查文件。",
                "empty": "音频目录突然变空，而数据库记录仍指向其中的文件，很可能是挂载丢失；没有对文件下结论。",
                "other_device": "音频目录所在的设备与之前不同，没有对文件下结论。",
                "not_configured": "没有设置音频目录（AUDIO_ROOT），没有检查文件。",
                "timeout_since": "音频存储自 {since_at} 起没有响应，没有检查文件。",
                "no_helper": "负责查看音频存储的进程无法工作（{detail}），没有检查文件。",
                "undecided": "没有看到文件，但能说明文件去向的来源没有全部响应，因此不对文件下结论。",
            },
        ),
    },
    "path.remote": {
        "en": Wording(
            title="File lies on another server",
            sentence="The row points to {host}, which the dashboard does not serve or check, so the file was not seen.",
            meaning="The audio was uploaded elsewhere. Only asking that server can tell whether it plays.",
            next_step="Open the row's link once; if its host is one of yours, add it to DELIVERY_HOSTS.",
            tell_user=user.CHECKING["en"],
        ),
        "zh-hans": Wording(
            title="文件在其他服务器上",
            sentence="记录指向 {host}，该主机不在检查范围内，因此没有看到文件。",
            meaning="音频上传到了别处，只有向那台服务器请求一次，才知道能否播放。",
            next_step="先打开记录中的链接试一次；如果该主机是自己的，请加入 DELIVERY_HOSTS。",
            tell_user=user.CHECKING["zh-hans"],
        ),
    },
    "path.unsafe": {
        "en": Wording(
            title="Path leaves the audio folder",
            sentence="The row's path “{path}” leads out of the audio folder, so it is never opened or served.",
            meaning="A path like this is written by mistake or by an attack. What it names is not touched in any way.",
            next_step="Find out what wrote this path into the row, then have the audio generated again.",
            tell_user=user.LOST["en"],
            variants={
                "link_leaves_root": "The row's path “{path}” is a symbolic link that leads out of the audio folder, so "
                "it is never opened or served.",
                "nul": "The row's path “{path}” holds a NUL character, so it cannot name a file.",
                "component_too_long": "The row's path “{path}” has a part of more than 255 bytes, so it cannot name "
                "a file.",
                "path_too_long": "The row's path “{path}” is longer than a file system allows, so it cannot name a "
                "file.",
            },
        ),
        "zh-hans": Wording(
            title="路径越出音频目录",
            sentence="记录中的路径“{path}”越出了音频目录，因此绝不打开，也不提供播放。",
            meaning="这样的路径来自程序错误或攻击。它指向的内容不会被读取、播放、移动或删除。",
            next_step="先查清这个路径是谁写入的，再重新生成音频。",
            tell_user=user.LOST["zh-hans"],
            variants={
                "link_leaves_root": "记录中的路径“{path}”是一个指向音频目录之外的符号链接，因此绝不打开，也不提供播放。",
                "nul": "记录中的路径“{path}”含有 NUL 字符，不可能是文件名。",
                "component_too_long": "记录中的路径“{path}”有一段超过 255 字节，不可能是文件名。",
                "path_too_long": "记录中的路径“{path}”超过文件系统允许的长度，不可能是文件名。",
            },
        ),
    },
    "path.missing": {
        "en": Wording(
            title="Completed without a file path",
            sentence="The row says completed but names no file, and no file bears this session's name.",
            meaning="The host marked the session as done without storing where its audio lies, or without making any.",
            next_step="Have the audio generated again, and check how the host completes a session without a path.",
            tell_user=user.LOST["en"],
        ),
        "zh-hans": Wording(
            title="已完成但没有文件路径",
            sentence="记录显示已完成，却没有写明文件，音频目录中也没有以该会话命名的文件。",
            meaning="主系统把会话标为完成时，没有保存音频位置，或者根本没有生成音频。",
            next_step="重新生成音频，并检查主系统为什么会在没有路径时标记完成。",
            tell_user=user.LOST["zh-hans"],
        ),
    },
    "path.names_other_session": {
        "en": Wording(
            title="File bears another session's id",
            sentence="The row claims “{path}”, but that name bears the id of session {other_id}.",
            meaning="Most likely this session points to audio that was made for somebody else.",
            next_step="Compare with the session that the name bears, then have this session's audio generated again.",
            tell_user=user.NOT_YOURS["en"],
        ),
        "zh-hans": Wording(
            title="文件名属于另一个会话",
            sentence="记录指向“{path}”，但文件名中的编号属于会话 {other_id}。",
            meaning="该会话指向的音频很可能是为另一位用户生成的。",
            next_step="先与文件名所属的会话对照，再重新生成该会话的音频。",
            tell_user=user.NOT_YOURS["zh-hans"],
        ),
    },
}
