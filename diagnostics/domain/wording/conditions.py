"""What is said of conditions that stand above a whole pass."""

from __future__ import annotations

from diagnostics.domain.wording import user
from diagnostics.domain.wording.entry import Family, Wording

CONDITIONS: Family = {
    "storage.unavailable": {
        "en": Wording(
            title="Audio storage is not available",
            sentence="The audio folder cannot be read, so no file is checked, and no session is called broken for it.",
            meaning="Nothing is said about files until the folder can be read again; what was known before is kept.",
            next_step="Make the audio folder reachable from the dashboard's machine again.",
            tell_user=user.CHECKING["en"],
            variants={
                "missing": "The audio folder does not exist on the dashboard's machine; no session is called broken for "
                "it.",
                "unreadable": "The dashboard has no right to read the audio folder; no session is called broken for it.",
                "io_error": "Reading the audio folder ends in an error of the device ({detail}); no session is called "
                "broken for it.",
                "timeout": "The audio storage does not answer in time; no session is called broken for it.",
                "empty": "The audio folder is suddenly empty while rows claim files, as after a lost mount; no session "
                "is called broken for it.",
                "other_device": "Another device than before stands at the audio folder, and its files are not those "
                "known; no session is called broken for it.",
                "not_configured": "No audio folder is configured (AUDIO_ROOT), so files are not checked.",
                "timeout_since": "The audio storage has not answered since {since_at}; no session is called broken for it.",
                "no_helper": "The process that looks at the audio storage could not work ({detail}); no session is called "
                "broken for it.",
            },
        ),
        "zh-hans": Wording(
            title="音频存储不可用",
            sentence="音频目录无法读取，暂不检查文件，也不会因此把会话判为异常。",
            meaning="目录恢复之前不对文件下结论，之前的结果会保留。",
            next_step="恢复本机对音频目录的访问。",
            tell_user=user.CHECKING["zh-hans"],
            variants={
                "missing": "本机上找不到音频目录，不会因此把会话判为异常。",
                "unreadable": "本系统没有读取音频目录的权限，不会因此把会话判为异常。",
                "io_error": "读取音频目录时设备报错（{detail}），不会因此把会话判为异常。",
                "timeout": "音频存储没有在限定时间内响应，不会因此把会话判为异常。",
                "empty": "音频目录突然变空，而数据库记录仍指向其中的文件，很可能是挂载丢失；不会因此把会话判为异常。",
                "other_device": "音频目录所在的设备与之前不同，其中也不是已知的文件；不会因此把会话判为异常。",
                "not_configured": "没有设置音频目录（AUDIO_ROOT），不检查文件。",
                "timeout_since": "音频存储自 {since_at} 起没有响应，不会因此把会话判为异常。",
                "no_helper": "负责查看音频存储的进程无法工作（{detail}），不会因此把会话判为异常。",
            },
        ),
    },
    "storage.listing_incomplete": {
        "en": Wording(
            title="Listing of files is incomplete",
            sentence="Some folders below the audio folder could not be listed; what lies in them is not judged.",
            meaning="Files in those folders are neither called missing nor orphans.",
            next_step="Give the dashboard's user the right to list these folders.",
            tell_user=user.CHECKING["en"],
        ),
        "zh-hans": Wording(
            title="文件列表不完整",
            sentence="音频目录下有些目录无法列出，其中的文件不下结论。",
            meaning="这些目录中的文件既不算丢失，也不算无主。",
            next_step="给本系统的用户列出这些目录的权限。",
            tell_user=user.CHECKING["zh-hans"],
        ),
    },
    "storage.mass_missing": {
        "en": Wording(
            title="Many files vanished at once",
            sentence="Of {of} sessions that were whole at the last pass, {lost} lost their files at once.",
            meaning="This looks like a clean-up, a lost mount or another folder, rather than single faults.",
            next_step="Stop clean-up jobs and find out what removed the files before anything is mended.",
            tell_user=user.OUT_OF_REACH["en"],
        ),
        "zh-hans": Wording(
            title="大量文件同时消失",
            sentence="上次巡检时完好的 {of} 个会话中，有 {lost} 个的文件同时不见了。",
            meaning="这更像是清理任务、挂载丢失或目录变更，而不是零星故障。",
            next_step="先停止清理任务，查清文件因何消失，再做修复。",
            tell_user=user.OUT_OF_REACH["zh-hans"],
        ),
    },
    "host.unavailable": {
        "en": Wording(
            title="Host database does not answer",
            sentence="The host's database does not answer; what is shown is what was known before.",
            meaning="Rows cannot be read now. No session is called broken because of it.",
            next_step="Check that the host's database is up and that this machine may connect to it.",
            tell_user=user.CHECKING["en"],
        ),
        "zh-hans": Wording(
            title="主系统数据库没有响应",
            sentence="主系统数据库没有响应，目前显示的是之前的结果。",
            meaning="现在无法读取记录，不会因此把任何会话判为异常。",
            next_step="检查主系统数据库是否运行，本机是否可以连接。",
            tell_user=user.CHECKING["zh-hans"],
        ),
    },
    "host.table_empty": {
        "en": Wording(
            title="Host table is empty",
            sentence="The host's table has no rows, yet the audio folder holds files; they are not called orphans.",
            meaning="This is most likely the wrong database, or one that was just restored.",
            next_step="Check HOST_DATABASE_URL and HOST_SESSION_TABLE.",
            tell_user=user.CHECKING["en"],
        ),
        "zh-hans": Wording(
            title="主系统数据表为空",
            sentence="主系统的数据表没有记录，而音频目录中有文件；这些文件不算无主。",
            meaning="很可能连接了错误的数据库，或数据库刚刚恢复。",
            next_step="检查 HOST_DATABASE_URL 和 HOST_SESSION_TABLE。",
            tell_user=user.CHECKING["zh-hans"],
        ),
    },
    "host.schema": {
        "en": Wording(
            title="Host table lacks what is needed",
            sentence="The host's table is missing, or lacks a column that is needed, so its rows cannot be read.",
            meaning="Without the columns that carry id, status, times, error and path no session can be judged.",
            next_step="Name the table and its columns in HOST_SESSION_TABLE and HOST_COLUMNS.",
            tell_user=user.CHECKING["en"],
        ),
        "zh-hans": Wording(
            title="主系统数据表结构不符",
            sentence="找不到主系统的数据表，或缺少必需的列，因此无法读取记录。",
            meaning="没有编号、状态、时间、错误信息和路径这些列，就无法判断会话。",
            next_step="在 HOST_SESSION_TABLE 和 HOST_COLUMNS 中写明表名和列名。",
            tell_user=user.CHECKING["zh-hans"],
        ),
    },
    "pass.never_run": {
        "en": Wording(
            title="Never checked",
            sentence="Nothing has been checked yet: no pass was ever complete.",
            meaning="Lists and figures stay empty until the first pass is complete.",
            next_step="Start the worker, or run one pass by hand.",
        ),
        "zh-hans": Wording(
            title="尚未检查",
            sentence="还没有检查过：没有一次完整的巡检。",
            meaning="第一次巡检完成之前，列表和数字都是空的。",
            next_step="启动后台进程，或手动运行一次巡检。",
        ),
    },
    "pass.stale": {
        "en": Wording(
            title="Last pass is too old",
            sentence="The last complete pass is too long ago; what is shown may no longer be true.",
            meaning="The worker does not run, or a pass takes longer than planned.",
            next_step="Check that the worker is running.",
        ),
        "zh-hans": Wording(
            title="巡检过期",
            sentence="上一次完整的巡检过去太久，显示的内容可能已不准确。",
            meaning="后台进程没有运行，或巡检用时比预期长。",
            next_step="检查后台进程是否在运行。",
        ),
    },
    "pass.failed": {
        "en": Wording(
            title="Last pass failed",
            sentence="The last pass failed; what is shown comes from the one before it.",
            meaning="The check itself did not come to its end. The worker tries again by itself.",
            next_step="Read the error on the page of passes.",
        ),
        "zh-hans": Wording(
            title="巡检失败",
            sentence="上一次巡检失败，目前显示的是更早一次的结果。",
            meaning="检查没有完成，后台进程会自动重试。",
            next_step="在巡检页面查看错误信息。",
        ),
    },
}
