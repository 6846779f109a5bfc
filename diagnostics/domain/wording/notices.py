"""What is said of things worth mending while nothing is broken."""

from __future__ import annotations

from diagnostics.domain.wording import user
from diagnostics.domain.wording.entry import Family, Wording

FINE = user.FINE

NOTICES: Family = {
    "record.stale_error": {
        "en": Wording(
            title="Old error text in the row",
            sentence="An old error message still stands in the row: “{error}”.",
            meaning="An earlier attempt failed and a later one succeeded, but the host did not clear the message.",
            next_step="Nothing is needed for the user; have the host clear the message when a session completes.",
            tell_user=FINE["en"],
        ),
        "zh-hans": Wording(
            title="残留的错误信息",
            sentence="记录中还留着一条旧的错误信息：“{error}”。",
            meaning="之前的一次生成失败，后来成功了，但主系统没有清除错误信息。",
            next_step="对用户无需处理；让主系统在会话完成时清除错误信息。",
            tell_user=FINE["zh-hans"],
        ),
    },
    "record.time_disorder": {
        "en": Wording(
            title="Times of the row are out of order",
            sentence="The row's times contradict each other (“{value}”).",
            meaning="Ages, waiting times and limits of this session cannot be trusted. A wrong time zone is frequent.",
            next_step="Compare HOST_TIME_ZONE with the zone in which the host writes its times.",
            tell_user=FINE["en"],
            variants={
                "created_missing": "The row has no time of creation.",
                "created_unreadable": "The row's time of creation cannot be read: “{value}”.",
                "updated_missing": "The row has no time of its last change.",
                "updated_unreadable": "The row's time of its last change cannot be read: “{value}”.",
                "updated_before_created": "The row was last changed before it was created: “{value}”.",
                "created_in_future": "The row's time of creation lies in the future: “{value}”.",
                "updated_in_future": "The row's time of its last change lies in the future: “{value}”.",
            },
        ),
        "zh-hans": Wording(
            title="记录的时间有误",
            sentence="记录中的时间互相矛盾（“{value}”）。",
            meaning="该会话的时长、等待时间和时限都不可靠，常见原因是时区设置不对。",
            next_step="核对 HOST_TIME_ZONE 与主系统写入时间所用的时区是否一致。",
            tell_user=FINE["zh-hans"],
            variants={
                "created_missing": "记录没有创建时间。",
                "created_unreadable": "记录的创建时间无法识别：“{value}”。",
                "updated_missing": "记录没有更新时间。",
                "updated_unreadable": "记录的更新时间无法识别：“{value}”。",
                "updated_before_created": "记录的更新时间早于创建时间：“{value}”。",
                "created_in_future": "记录的创建时间在未来：“{value}”。",
                "updated_in_future": "记录的更新时间在未来：“{value}”。",
            },
        ),
    },
    "record.duplicate_request": {
        "en": Wording(
            title="The same was asked for twice",
            sentence="The same user and assessment have another session that began while this one was being generated: "
            "{others}.",
            meaning="The user, or a client that retried, asked again before the first audio was ready.",
            next_step="Keep the session that plays; have the host answer a repeated request with the running session.",
            tell_user=FINE["en"],
            variants={
                "several": "The same user and assessment have {count} other sessions that began while this one was "
                "being generated: {others}.",
                "many": "The same user and assessment have more than ten other sessions that began while this one was "
                "being generated, the first of them: {others}.",
            },
        ),
        "zh-hans": Wording(
            title="重复请求",
            sentence="同一用户、同一评测在该会话生成期间又开始了另一个会话：{others}。",
            meaning="第一段音频完成之前，用户或自动重试的客户端又请求了一次。",
            next_step="保留可以播放的会话；让主系统对重复请求返回正在生成的会话。",
            tell_user=FINE["zh-hans"],
            variants={
                "several": "同一用户、同一评测在该会话生成期间又开始了 {count} 个会话：{others}。",
                "many": "同一用户、同一评测在该会话生成期间又开始了十个以上的会话，最早的是：{others}。",
            },
        ),
    },
    "path.bad_name": {
        "en": Wording(
            title="File name breaks the convention",
            sentence="The file name “{name}” does not follow the convention.",
            meaning="Files are matched to sessions by their names; one that differs cannot be found again if it moves.",
            next_step="Check which version or script of the host names its files in this way.",
            tell_user=FINE["en"],
            variants={"date": "The file name “{name}” bears a date that does not exist."},
        ),
        "zh-hans": Wording(
            title="文件名不符合规范",
            sentence="文件名“{name}”不符合命名规范。",
            meaning="文件靠名称与会话对应，名称不规范的文件一旦移动就无法找回。",
            next_step="查清主系统的哪个版本或脚本这样命名文件。",
            tell_user=FINE["zh-hans"],
            variants={"date": "文件名“{name}”中的日期并不存在。"},
        ),
    },
    "record.progress_odd": {
        "en": Wording(
            title="Progress does not fit",
            sentence="The row says completed, yet its progress stands at {progress_percent}.",
            meaning="The progress shown to the user cannot be trusted; the audio itself is judged on its own.",
            next_step="Have the host set the progress to 100 together with the status.",
            tell_user=FINE["en"],
            variants={"outside": "The row's progress of {progress_percent} is outside 0% to 100%."},
        ),
        "zh-hans": Wording(
            title="进度值不合理",
            sentence="记录显示已完成，进度却停在 {progress_percent}。",
            meaning="显示给用户的进度不可靠；音频本身另行判断。",
            next_step="让主系统在更新状态的同时把进度写为 100。",
            tell_user=FINE["zh-hans"],
            variants={"outside": "记录的进度为 {progress_percent}，超出了 0% 到 100%。"},
        ),
    },
    "file.trailing_bytes": {
        "en": Wording(
            title="Bytes behind the audio",
            sentence="Behind the end of the audio stand {trailing_bytes} that belong to nothing.",
            meaning="Another file was glued on, or garbage was left. Players skip it, and the size is larger than needed.",
            next_step="Check whether two generators wrote to the same file name at once.",
            tell_user=FINE["en"],
        ),
        "zh-hans": Wording(
            title="音频末尾有多余数据",
            sentence="音频结束之后还有 {trailing_bytes} 不属于任何内容的数据。",
            meaning="后面接上了另一个文件，或留有残余数据。播放器会跳过，只是文件偏大。",
            next_step="检查是否有两个生成进程同时写入了同一个文件名。",
            tell_user=FINE["zh-hans"],
        ),
    },
    "file.predates_session": {
        "en": Wording(
            title="File is older than its session",
            sentence="The file was last changed on {modified_at}, before its session began on {created_at}.",
            meaning="An id was used again, or another session's audio lies there. It may not be this user's.",
            next_step="Listen to the file before it is linked or the session is reset; a person has to decide.",
            tell_user=user.NOT_YOURS["en"],
        ),
        "zh-hans": Wording(
            title="文件早于会话",
            sentence="文件最后修改于 {modified_at}，早于会话开始的 {created_at}。",
            meaning="会话编号被重复使用，或该处是另一个会话的音频，未必属于这位用户。",
            next_step="关联文件或重置会话之前先试听，由人来决定。",
            tell_user=user.NOT_YOURS["zh-hans"],
        ),
    },
    "rule.crashed": {
        "en": Wording(
            title="A check itself failed",
            sentence="The check “{rule}” failed on this session; all other checks were made.",
            meaning="This is a fault of the dashboard, not of the session. What this check would say is not known.",
            next_step="Report the session to the dashboard's maintainers; the log holds the traceback.",
            tell_user=user.CHECKING["en"],
        ),
        "zh-hans": Wording(
            title="检查程序自身出错",
            sentence="检查项“{rule}”在该会话上出错，其他检查均已完成。",
            meaning="这是本系统的缺陷，与会话无关；该检查项的结论未知。",
            next_step="把该会话报告给本系统的维护者，日志中有完整的错误堆栈。",
            tell_user=user.CHECKING["zh-hans"],
        ),
    },
}
