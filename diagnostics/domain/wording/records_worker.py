"""What is said where a row's status is wrong, and of sessions that nothing takes further."""

from __future__ import annotations

from diagnostics.domain.wording import user
from diagnostics.domain.wording.entry import Family, Wording

RECORDS_AND_WORKER: Family = {
    "record.unknown_status": {
        "en": Wording(
            title="Status is not a known one",
            sentence="The row's status is “{status}”, which is none of pending, generating, completed and failed.",
            meaning="Something wrote a status that neither the client nor the dashboard understands.",
            next_step="Find out what wrote this status; a newer version of the host or a change by hand is likely.",
            tell_user=user.CHECKING["en"],
            variants={"blank": "The row has no status at all, so nothing can be said of the session."},
        ),
        "zh-hans": Wording(
            title="状态值无法识别",
            sentence="记录的状态是“{status}”，不属于 pending、generating、completed、failed 中的任何一个。",
            meaning="写入的状态值，客户端和本系统都不认识。",
            next_step="查清这个状态是谁写入的，可能是主系统的新版本，也可能是人工修改。",
            tell_user=user.CHECKING["zh-hans"],
            variants={"blank": "记录没有状态，无法对该会话下结论。"},
        ),
    },
    "record.half_committed": {
        "en": Wording(
            title="Failed, yet the file is whole",
            sentence="The row says failed, yet the whole file “{path}” is there ({size_bytes}).",
            meaning="File and row were not written as one: the audio was finished, then something else went wrong.",
            next_step="Listen to the file; if it is right, mark the session as completed, else reset it.",
            tell_user=user.OUT_OF_REACH["en"],
        ),
        "zh-hans": Wording(
            title="记录失败但文件完整",
            sentence="记录显示失败，但完整的文件“{path}”就在那里（{size_bytes}）。",
            meaning="文件与记录没有一起提交：音频已经完成，之后的步骤出了错。",
            next_step="先试听文件：内容正确就标记为完成，否则重置会话。",
            tell_user=user.OUT_OF_REACH["zh-hans"],
        ),
    },
    "record.status_lagging": {
        "en": Wording(
            title="Finished, but the row lags behind",
            sentence="The whole file “{path}” has not changed for {still_seconds}, yet the row still says {status}.",
            meaning="The audio is finished, but the row was never told: the process ended between the two steps.",
            next_step="Mark the session as completed, and check how the generator ends its work.",
            tell_user=user.OUT_OF_REACH["en"],
        ),
        "zh-hans": Wording(
            title="文件已完成但状态滞后",
            sentence="完整的文件“{path}”已有 {still_seconds} 没有变化，而记录的状态仍是 {status}。",
            meaning="音频已经完成，记录却没有更新：进程在两个步骤之间结束了。",
            next_step="把会话标记为完成，并检查生成进程结束时的步骤。",
            tell_user=user.OUT_OF_REACH["zh-hans"],
        ),
    },
    "worker.not_picked_up": {
        "en": Wording(
            title="Nothing takes it from the queue",
            sentence="Pending for {waiting_seconds} (limit {limit_seconds}) at place {position} of the queue, and the "
            "queue does not move for it.",
            meaning="No generator takes this session: none is running, all hang, or its task was lost from the queue.",
            next_step="Check that a generator is running and takes new tasks; start it if it does not.",
            tell_user=user.STUCK["en"],
            variants={
                "without_position": "Pending for {waiting_seconds} (limit {limit_seconds}), and the queue does not move "
                "for it.",
                "without_broker": "Pending for {waiting_seconds} (limit {limit_seconds}): the task queue has been down "
                "since {since_at}.",
                "without_consumers": "Pending for {waiting_seconds} (limit {limit_seconds}): nobody has taken tasks from "
                "the queue since {since_at}.",
                "without_database": "Pending for {waiting_seconds} (limit {limit_seconds}): the host's database has been "
                "down since {since_at}.",
                "locked": "Pending for {waiting_seconds} (limit {limit_seconds}): the host's database has been locked "
                "since {since_at}.",
            },
        ),
        "zh-hans": Wording(
            title="排队无人处理",
            sentence="已等待 {waiting_seconds}（上限 {limit_seconds}），排在第 {position} 位，队列没有为它前进。",
            meaning="没有生成进程领取该会话：可能没有运行，可能卡住，也可能任务已从队列中丢失。",
            next_step="检查生成进程是否在运行并领取新任务，没有就启动它。",
            tell_user=user.STUCK["zh-hans"],
            variants={
                "without_position": "已等待 {waiting_seconds}（上限 {limit_seconds}），队列没有为它前进。",
                "without_broker": "已等待 {waiting_seconds}（上限 {limit_seconds}）：任务队列自 {since_at} 起不可用。",
                "without_consumers": "已等待 {waiting_seconds}（上限 {limit_seconds}）：自 {since_at} 起没有进程从队列领取任务。",
                "without_database": "已等待 {waiting_seconds}（上限 {limit_seconds}）：主系统数据库自 {since_at} 起不可用。",
                "locked": "已等待 {waiting_seconds}（上限 {limit_seconds}）：主系统数据库自 {since_at} 起被锁。",
            },
        ),
    },
    "worker.crashed": {
        "en": Wording(
            title="Generator died",
            sentence="Generating, but nothing has moved for {still_seconds} (limit {limit_seconds}), and no generator "
            "process is alive.",
            meaning="The process that was composing this audio ended without saying so.",
            next_step="Find out why the generator died, start it again, then reset the session.",
            tell_user=user.STUCK["en"],
            variants={
                "seen": "Generating, but nothing has moved for {still_seconds} (limit {limit_seconds}): generator process "
                "{pid} is gone, last seen alive on {seen_at}.",
                "silent": "Generating, but nothing has moved for {still_seconds} (limit {limit_seconds}), and the "
                "generator's heartbeat ended on {heartbeat_at}.",
            },
        ),
        "zh-hans": Wording(
            title="生成进程已退出",
            sentence="正在生成，但已有 {still_seconds} 没有进展（上限 {limit_seconds}），也没有生成进程在运行。",
            meaning="正在合成这段音频的进程已经退出，没有留下说明。",
            next_step="查清生成进程为何退出，重新启动它，再重置会话。",
            tell_user=user.STUCK["zh-hans"],
            variants={
                "seen": "正在生成，但已有 {still_seconds} 没有进展（上限 {limit_seconds}）：生成进程 {pid} 已经不在，"
                "最后一次看到它在运行是 {seen_at}。",
                "silent": "正在生成，但已有 {still_seconds} 没有进展（上限 {limit_seconds}），生成进程的心跳停在 "
                "{heartbeat_at}。",
            },
        ),
    },
    "worker.stalled": {
        "en": Wording(
            title="Generation does not move",
            sentence="Generating, but nothing has moved for {still_seconds} (limit {limit_seconds}); it stands at "
            "{progress_percent}.",
            meaning="Neither the row nor the growing file changed for longer than the limit: the generator hangs, has "
            "left this session behind, or is gone unnoticed.",
            next_step="Look at the generator's process and log; restart it if it hangs, then reset the session.",
            tell_user=user.STUCK["en"],
            variants={
                "without_progress": "Generating, but nothing has moved for {still_seconds} (limit {limit_seconds}).",
                "alive": "Generating, but nothing has moved for {still_seconds} (limit {limit_seconds}), though a generator "
                "is alive.",
                "stopped": "Generating, but nothing has moved for {still_seconds} (limit {limit_seconds}): the generator is "
                "there, but stopped by a signal.",
                "beating": "Generating, but nothing has moved for {still_seconds} (limit {limit_seconds}), though the "
                "generator's heartbeat goes on.",
            },
        ),
        "zh-hans": Wording(
            title="生成停滞",
            sentence="正在生成，但已有 {still_seconds} 没有进展（上限 {limit_seconds}），进度停在 {progress_percent}。",
            meaning="记录和正在写入的文件都超过时限没有变化：生成进程卡住了，丢下了这个会话，或已经不在而无人察觉。",
            next_step="查看生成进程及其日志，卡住就重启，再重置会话。",
            tell_user=user.STUCK["zh-hans"],
            variants={
                "without_progress": "正在生成，但已有 {still_seconds} 没有进展（上限 {limit_seconds}）。",
                "alive": "正在生成，但已有 {still_seconds} 没有进展（上限 {limit_seconds}），而生成进程仍在运行。",
                "stopped": "正在生成，但已有 {still_seconds} 没有进展（上限 {limit_seconds}）：生成进程还在，但已被信号暂停。",
                "beating": "正在生成，但已有 {still_seconds} 没有进展（上限 {limit_seconds}），而生成进程的心跳仍在继续。",
            },
        ),
    },
}
