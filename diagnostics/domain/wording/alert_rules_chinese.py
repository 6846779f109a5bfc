"""What is said of each rule of `domain.alerts.rules` in Chinese."""

from __future__ import annotations

from diagnostics.domain.wording.alert_rules import RuleWords

CHINESE: dict[str, RuleWords] = {
    "success_rate": RuleWords(
        title="可播放率",
        meaning="最近 {window}内结束的会话中可以播放的比例：会话已完成，且完成后首次检查时文件完整。分母包括这些会话、"
        "文件不完整的、失败的，以及卡住超过时限的；尚未检查或无法检查的不计入。不足 {smallest} 个会话时不作判断。",
        bad="最近 {window}内结束的 {sessions}中，只有 {value} 可以播放",
        well="最近 {window}内结束的 {sessions}中，{value} 可以播放",
        users_see="用户等到的是错误提示，或无法播放的音频。",
        first_check="在成功率页面看哪种原因增加最多，再打开其中一个会话。",
    ),
    "generation_time": RuleWords(
        title="生成用时",
        meaning="最近 {window}内完成的会话，生成用时的平均值。负值和超过一天的不计入，仍在生成的也不在其中。"
        "不足 {smallest} 个会话时不作判断。",
        bad="最近 {window}内完成的 {sessions}，平均生成用时 {value}",
        well="最近 {window}内完成的 {sessions}，平均生成用时 {value}",
        users_see="用户等待的时间比平时长；到时就放弃的客户端会显示失败，尽管音频随后就会生成。",
        first_check="在资源页面看队列是否过长，处理器和磁盘是否繁忙。",
    ),
    "disk_used": RuleWords(
        title="磁盘空间占用",
        meaning="文件系统已用空间占普通用户可用总量的比例：已用 ÷（已用 + 可用），与 df 的算法相同。",
        bad="{subject}：磁盘空间已用 {value}",
        well="{subject}：磁盘空间已用 {value}",
        users_see="暂时没有影响。磁盘写满后，生成会失败，或留下不完整的文件。",
        first_check="在资源页面看还能容纳多少个会话，以及空间被什么占用。",
    ),
    "failures": RuleWords(
        title="失败次数",
        meaning="最近 {window}内失败的会话数，以会话结束的时间为准。与比例不同，不需要足够的会话数作比较。",
        bad="最近 {window}内有 {failed}失败",
        well="最近 {window}内有 {failed}失败",
        users_see="用户看到音频生成失败的提示。",
        first_check="打开最近失败的会话，看错误是否相同。",
    ),
    "condition": RuleWords(
        title="全局故障",
        meaning="巡检遇到的问题，涉及全部或大量会话：存储、主系统或其数据表。",
        bad="{subject}",
        well="已不再出现：{subject}",
        users_see="视具体故障而定；至少目前无法判断用户的音频是否正常。",
        first_check="按页面顶部提示条的建议处理。",
    ),
    "disk_full_soon": RuleWords(
        title="磁盘即将写满",
        meaning="如果继续按最近 {window}的速度写入，还有多少小时，文件系统就容不下 {room} 个会话。",
        bad="{subject}：按最近 {window}的写入速度，{value}后剩余空间将不足 {room} 个会话",
        well="{subject}：按最近 {window}的写入速度，{value}后剩余空间将不足 {room} 个会话",
        users_see="暂时没有影响。磁盘写满后，生成会失败，或留下不完整的文件。",
        first_check="在资源页面看磁盘被什么占用，趁还有时间清理旧音频。",
        at_end="{subject}：剩余空间已不足 {room} 个会话",
        without="{subject}：没有在变满",
    ),
    "inodes_used": RuleWords(
        title="inode 占用",
        meaning="文件系统的 inode 已用比例：inode 用尽后，即使还有空间也无法创建文件。",
        bad="{subject}：inode 已用 {value}",
        well="{subject}：inode 已用 {value}",
        users_see="暂时没有影响。inode 用尽后，即使磁盘还有空间，生成也会失败。",
        first_check="查找含有大量小文件的目录，常见的是临时文件。",
    ),
    "queue_still": RuleWords(
        title="队列停滞",
        meaning="有会话在等待时，距最近一次动静（会话被领取、进度变化或结束）有多久。",
        bad="{sessions}在等待，但已有 {value}没有任何进展",
        well="{sessions}在等待，最近一次进展在 {value}前",
        without="没有停滞的等待",
        users_see="新发起会话的用户一直等待，看不到进度。",
        first_check="看主系统的生成进程是否在运行，是否有进程卡住。",
    ),
    "worker_silent": RuleWords(
        title="本系统工作进程失联",
        meaning="本系统的工作进程并非主动停止，距最近一次见到它有多久。",
        bad="本系统的工作进程 {subject} 已有 {value}没有动静",
        well="本系统的工作进程 {subject} 最近一次出现在 {value}前",
        users_see="用户没有感觉。但检查已经停止，这些页面上的内容会逐渐过时。",
        first_check="看工作进程是否在运行，并查看其日志的最后几行。",
    ),
    "pass_late": RuleWords(
        title="巡检延误",
        meaning="下一次完整巡检已延误多久：距上次完整巡检的时间，减去巡检间隔。",
        bad="下一次完整巡检已延误 {value}",
        well="下一次完整巡检已延误 {value}",
        without="没有巡检延误",
        users_see="用户没有感觉。但这些页面对会话的判断会逐渐过时。",
        first_check="看最近几次巡检：是否失败、卡住，或比平时慢很多。",
    ),
    "incident_regressed": RuleWords(
        title="批量故障复发",
        meaning="已经解决的批量故障再次出现。",
        bad="{subject} 解决后再次出现",
        well="{subject} 已再次解决",
        users_see="与上次出现时相同。",
        first_check="打开该批量故障：备注中写有上次的处理办法。",
    ),
    "part_down": RuleWords(
        title="主系统部件不可用",
        meaning="主系统的某个部件（合成引擎、数据库、缓存、任务队列、音频挂载）在探测时无法工作。",
        bad="{subject}不可用",
        well="{subject}正常",
        users_see="新会话会等待或失败；如果是数据库或音频挂载，已完成的音频也无法打开。",
        first_check="在资源页面看该部件返回了什么，以及它的服务是否在运行。",
    ),
}
