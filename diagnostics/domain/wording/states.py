"""What is said of a session's state where no cause says it."""

from __future__ import annotations

from diagnostics.domain.wording import user
from diagnostics.domain.wording.entry import Family, Wording

STATES: Family = {
    "ok": {
        "en": Wording(
            title="In order",
            sentence="The audio is there and whole: {duration_seconds}, {size_bytes}.",
            meaning="Row and file agree, and the file was seen whole.",
            next_step="Nothing needs to be done. If the user cannot play it, ask for the message that the player shows.",
            tell_user=user.FINE["en"],
            variants={"without_file": "The session is completed, and nothing was found wrong with it."},
        ),
        "zh-hans": Wording(
            title="正常",
            sentence="音频完整无缺：时长 {duration_seconds}，大小 {size_bytes}。",
            meaning="记录与文件一致，并且确认文件完整。",
            next_step="无需处理。如果用户仍无法播放，请索取播放器显示的提示。",
            tell_user=user.FINE["zh-hans"],
            variants={"without_file": "会话已完成，没有发现问题。"},
        ),
    },
    "waiting": {
        "en": Wording(
            title="Waiting its turn",
            sentence="Waiting for {waiting_seconds} at place {position} of the queue; nothing is wrong.",
            meaning="The session is pending, and it is within its limit or the queue before it moves.",
            next_step="Nothing needs to be done; look again when its turn has come.",
            tell_user=user.WAITING["en"],
            variants={"without_position": "Waiting for {waiting_seconds}; nothing is wrong."},
        ),
        "zh-hans": Wording(
            title="排队等待",
            sentence="已等待 {waiting_seconds}，排在第 {position} 位，一切正常。",
            meaning="会话正在排队，仍在时限之内，或前面的队列正在前进。",
            next_step="无需处理，轮到后再看。",
            tell_user=user.WAITING["zh-hans"],
            variants={"without_position": "已等待 {waiting_seconds}，一切正常。"},
        ),
    },
    "generating": {
        "en": Wording(
            title="Being generated",
            sentence="Being generated at {progress_percent}; it last moved {still_seconds} ago.",
            meaning="A generator is at work on this session, and something moved within the limit.",
            next_step="Nothing needs to be done; look again when it is finished.",
            tell_user=user.GENERATING["en"],
            variants={"without_progress": "Being generated; it last moved {still_seconds} ago."},
        ),
        "zh-hans": Wording(
            title="正在生成",
            sentence="正在生成，进度 {progress_percent}，最近一次进展在 {still_seconds} 前。",
            meaning="生成进程正在处理该会话，时限之内有进展。",
            next_step="无需处理，完成后再看。",
            tell_user=user.GENERATING["zh-hans"],
            variants={"without_progress": "正在生成，最近一次进展在 {still_seconds} 前。"},
        ),
    },
    "settling": {
        "en": Wording(
            title="Settling",
            sentence="Row or file changed less than {settle_seconds} ago, so nothing is called yet.",
            meaning="A file that was just written can look incomplete for a moment. It is judged when things are quiet.",
            next_step="Examine the session again in a minute.",
            tell_user=user.GENERATING["en"],
        ),
        "zh-hans": Wording(
            title="等待稳定",
            sentence="记录或文件在 {settle_seconds} 之内刚有变化，暂不下结论。",
            meaning="刚写入的文件可能暂时看起来不完整，稳定之后再判断。",
            next_step="一分钟后重新检查该会话。",
            tell_user=user.GENERATING["zh-hans"],
        ),
    },
    "failed": {
        "en": Wording(
            title="Failed",
            sentence="Generation failed.",
            meaning="The host gave up on this session and says so in its row.",
            next_step="See why below, and reset the session when the reason is gone.",
            tell_user=user.FAILED["en"],
        ),
        "zh-hans": Wording(
            title="生成失败",
            sentence="生成失败。",
            meaning="主系统放弃了该会话，并在记录中标为失败。",
            next_step="先看下方的原因，消除之后再重置会话。",
            tell_user=user.FAILED["zh-hans"],
        ),
    },
    "expired": {
        "en": Wording(
            title="Cleared away on purpose",
            sentence="The audio was cleared away on purpose: the session ended {age_seconds} ago, beyond the time that "
            "audio is kept.",
            meaning="Audio is kept for a set time and then removed. This is no fault.",
            next_step="Nothing needs to be done. The user can ask for a new audio.",
            tell_user=user.EXPIRED["en"],
            variants={"by_policy": "A retention policy of this dashboard cleared the audio away on {removed_at}."},
        ),
        "zh-hans": Wording(
            title="到期清理",
            sentence="会话已结束 {age_seconds}，超过保存期限，音频已按规定清理。",
            meaning="音频只保存一定时间，之后会被清理。这不是故障。",
            next_step="无需处理，用户可以重新生成。",
            tell_user=user.EXPIRED["zh-hans"],
            variants={"by_policy": "音频已于 {removed_at} 按本系统的保存策略清理。"},
        ),
    },
    "faulty": {
        "en": Wording(
            title="Faulty",
            sentence="Something is wrong with this session.",
            meaning="At least one check found a fault.",
            next_step="See the checks below.",
            tell_user=user.CHECKING["en"],
        ),
        "zh-hans": Wording(
            title="有故障",
            sentence="该会话存在问题。",
            meaning="至少有一项检查发现了故障。",
            next_step="查看下方的检查结果。",
            tell_user=user.CHECKING["zh-hans"],
        ),
    },
}
