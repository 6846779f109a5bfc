"""What is said of a file that is not where the row says, or cannot be opened there."""

from __future__ import annotations

from diagnostics.domain.wording import user
from diagnostics.domain.wording.entry import Family, Wording

FILES_GONE: Family = {
    "file.purged": {
        "en": Wording(
            title="Moved away by this dashboard",
            sentence="{actor} moved the file away on {removed_at} by the action “{action}” of this dashboard; it can be "
            "restored until {restorable_until_at}.",
            meaning="Somebody moved the file away here; it is no clean-up by retention.",
            next_step="Restore the file while that is possible; after that, have the audio generated again.",
            tell_user=user.OUT_OF_REACH["en"],
            variants={
                "for_good": "{actor} moved the file away on {removed_at} by the action “{action}” of this dashboard; "
                "it can no longer be restored.",
            },
        ),
        "zh-hans": Wording(
            title="已被本系统移走",
            sentence="{actor} 于 {removed_at} 通过本系统的“{action}”操作移走了文件，在 {restorable_until_at} 之前可以恢复。",
            meaning="文件是有人在这里移走的，并非到期清理。",
            next_step="趁还能恢复时恢复文件；过期之后，重新生成音频。",
            tell_user=user.OUT_OF_REACH["zh-hans"],
            variants={
                "for_good": "{actor} 于 {removed_at} 通过本系统的“{action}”操作移走了文件，已无法恢复。",
            },
        ),
    },
    "file.misplaced": {
        "en": Wording(
            title="File lies somewhere else",
            sentence="Nothing lies at “{path}”, but “{found}” in the audio folder is plainly this session's file.",
            meaning="The audio exists; only the row and the file disagree about its name or folder.",
            next_step="Correct the path in the row, or move the file to where the row says.",
            tell_user=user.OUT_OF_REACH["en"],
            variants={
                "blank": "The row names no file, but “{found}” in the audio folder is plainly this session's file.",
                "several": "The row's file is not where it should be, and {count} files could be it: “{found}”.",
            },
        ),
        "zh-hans": Wording(
            title="文件放错了位置",
            sentence="“{path}”处没有文件，但音频目录中的“{found}”显然属于该会话。",
            meaning="音频还在，只是记录与文件的名称或目录不一致。",
            next_step="更正记录中的路径，或把文件移到记录所写的位置。",
            tell_user=user.OUT_OF_REACH["zh-hans"],
            variants={
                "blank": "记录没有写明文件，但音频目录中的“{found}”显然属于该会话。",
                "several": "记录所写的位置没有文件，另有 {count} 个文件可能属于该会话：“{found}”。",
            },
        ),
    },
    "file.deleted": {
        "en": Wording(
            title="File was deleted",
            sentence="The file was deleted between {seen_at..missed_at}; it held {size_bytes} when last seen.",
            meaning="An earlier pass saw the file, and it is gone now. A clean-up script that is too eager is the usual "
            "reason, above all when many went together.",
            next_step="Have the audio generated again, and find out what deletes files in the audio folder.",
            tell_user=user.LOST["en"],
            variants={
                "cleanup": "The file was deleted between {seen_at..missed_at}; it held {size_bytes} when last seen. "
                "In that time {cleanup_count} files older than {cleanup_age_seconds} went, while younger "
                "ones stayed: possibly a clean-up job.",
            },
        ),
        "zh-hans": Wording(
            title="文件被删除",
            sentence="文件在 {seen_at..missed_at} 之间被删除，最后一次看到时大小为 {size_bytes}。",
            meaning="之前的巡检看到过这个文件，现在没有了。常见原因是清理脚本误删，同时丢失多个文件时尤其可疑。",
            next_step="重新生成音频，并查清是什么在删除音频目录中的文件。",
            tell_user=user.LOST["zh-hans"],
            variants={
                "cleanup": "文件在 {seen_at..missed_at} 之间被删除，最后一次看到时大小为 {size_bytes}。同时消失的共有 "
                "{cleanup_count} 个存放超过 {cleanup_age_seconds} 的文件，较新的都还在：可能是清理任务所为。",
            },
        ),
    },
    "file.never_written": {
        "en": Wording(
            title="File is missing",
            sentence="Nothing lies at “{path}”, and whether it was ever there is not known: files are watched only "
            "since {watched_since_at}.",
            meaning="The row says completed, but there is no file. Either it was never written, or it went before the "
            "dashboard began to watch.",
            next_step="Have the audio generated again, and check that the host completes a session only after its file "
            "is written.",
            tell_user=user.LOST["en"],
            variants={
                "never": "Nothing lies at “{path}”, and no pass ever saw a file there: it was never written.",
                "unwatched": "Nothing lies at “{path}”, and no pass was complete yet that could tell whether it was "
                "ever there.",
            },
        ),
        "zh-hans": Wording(
            title="文件不存在",
            sentence="“{path}”处没有文件；从 {watched_since_at} 起才开始监看，此前是否有过文件无从得知。",
            meaning="记录显示已完成，却没有文件：要么从未写入，要么在开始监看之前就没有了。",
            next_step="重新生成音频，并检查主系统是否在文件写完之后才标记完成。",
            tell_user=user.LOST["zh-hans"],
            variants={
                "never": "“{path}”处没有文件，历次巡检也从未见过：文件没有写入。",
                "unwatched": "“{path}”处没有文件；还没有一次完整的巡检，此前是否有过文件无从得知。",
            },
        ),
    },
    "file.unreadable": {
        "en": Wording(
            title="No permission to read the file",
            sentence="The file is there, but the user {user}, who serves the audio, may not read it: “{blocked}” keeps it "
            "out (owner {owner}, mode {mode}).",
            meaning="Where the web server meets this barrier, users get an error although the audio exists.",
            next_step="Correct owner or mode of what blocks, and the umask of the process that writes there.",
            tell_user=user.OUT_OF_REACH["en"],
            variants={
                "dashboard": "The file is there, but this dashboard may not read it: “{blocked}” keeps it out (owner "
                "{owner}, mode {mode}).",
            },
        ),
        "zh-hans": Wording(
            title="没有权限读取文件",
            sentence="文件存在，但提供音频的系统用户 {user} 无权读取：受阻于“{blocked}”（所有者 {owner}，权限 {mode}）。",
            meaning="网站服务如果也受到这一阻碍，音频虽在，用户却会看到错误。",
            next_step="更正受阻之处的所有者或权限，并检查写入进程的 umask。",
            tell_user=user.OUT_OF_REACH["zh-hans"],
            variants={
                "dashboard": "文件存在，但本系统无权读取：受阻于“{blocked}”（所有者 {owner}，权限 {mode}）。",
            },
        ),
    },
    "file.not_a_file": {
        "en": Wording(
            title="Not a file at the path",
            sentence="Something that is no file stands at “{path}”.",
            meaning="Where the audio should be there is nothing that could be played.",
            next_step="Remove what stands there by hand, then have the audio generated again.",
            tell_user=user.LOST["en"],
            variants={
                "directory": "A folder stands at “{path}” in place of the audio file.",
                "fifo": "A named pipe stands at “{path}” in place of the audio file.",
                "socket": "A socket stands at “{path}” in place of the audio file.",
                "device": "A device stands at “{path}” in place of the audio file.",
                "dangling_link": "A symbolic link that leads nowhere stands at “{path}”.",
                "looping_link": "A symbolic link at “{path}” leads round in a circle.",
            },
        ),
        "zh-hans": Wording(
            title="路径上不是文件",
            sentence="“{path}”处的东西不是文件。",
            meaning="本该是音频的地方，没有任何可以播放的内容。",
            next_step="人工移除该处的内容，再重新生成音频。",
            tell_user=user.LOST["zh-hans"],
            variants={
                "directory": "“{path}”处是一个目录，而不是音频文件。",
                "fifo": "“{path}”处是一个命名管道，而不是音频文件。",
                "socket": "“{path}”处是一个套接字，而不是音频文件。",
                "device": "“{path}”处是一个设备，而不是音频文件。",
                "dangling_link": "“{path}”处是一个失效的符号链接。",
                "looping_link": "“{path}”处的符号链接循环指向自己。",
            },
        ),
    },
}
