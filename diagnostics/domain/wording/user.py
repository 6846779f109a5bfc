"""What a user may be told: whole texts, shared by the codes that mean the same to a user.

Their rules: what happened in the user's words, what it means for the audio, what can be done now. No codes, no jargon,
no blame, one apology at most; no time by which it is done and no notice is promised, because nothing here keeps it.
"""

from __future__ import annotations

MEANWHILE_EN = "Until then you can use the 60-second audio, made from the same assessment."
MEANWHILE_ZH = "在此之前，您可以先使用 60 秒音频，内容同样根据您的评测生成。"
SORRY_EN = "Sorry about this."
SORRY_ZH = "抱歉，给您添了麻烦。"
OURS_EN = "This is not a problem with your phone or network."
OURS_ZH = "这不是您手机或网络的问题。"

FINE = {
    "en": (
        "Your long audio is complete and can be played. Please open it again and press play. "
        "If it still does not play, send us a picture of the message you see."
    ),
    "zh-hans": (
        "您的长音频已经生成并完整保存，可以正常播放。请重新打开后再播放一次；"
        "如果仍然无法播放，请把看到的提示截图发给我们。"
    ),
}
LOST = {
    "en": (
        f"The long audio you made was not kept, so it cannot be played. {OURS_EN} "
        f"It has to be made again. {MEANWHILE_EN} {SORRY_EN}"
    ),
    "zh-hans": f"您的长音频没有保存下来，目前无法播放。{OURS_ZH}这段音频需要重新生成。{MEANWHILE_ZH}{SORRY_ZH}",
}
DAMAGED = {
    "en": (
        f"The long audio you made was not saved in full, so it cannot be played as it should. {OURS_EN} "
        f"It has to be made again. {MEANWHILE_EN} {SORRY_EN}"
    ),
    "zh-hans": f"您的长音频没有完整保存，无法正常播放。{OURS_ZH}这段音频需要重新生成。{MEANWHILE_ZH}{SORRY_ZH}",
}
SILENT = {
    "en": (
        f"The long audio you made was saved, but part or all of it has no sound. {OURS_EN} "
        f"It has to be made again. {MEANWHILE_EN} {SORRY_EN}"
    ),
    "zh-hans": f"您的长音频已经保存，但其中一部分或全部没有声音。{OURS_ZH}这段音频需要重新生成。{MEANWHILE_ZH}{SORRY_ZH}",
}
NOT_YOURS = {
    "en": (
        "The long audio that opens for you may not be the one that was made for you. Please do not play it for now. "
        f"We are checking it. {MEANWHILE_EN} {SORRY_EN}"
    ),
    "zh-hans": (f"您打开的长音频可能不是为您生成的那一段，请先不要播放，我们正在核对。{MEANWHILE_ZH}{SORRY_ZH}"),
}
OUT_OF_REACH = {
    "en": (
        f"Your long audio was made and saved, but it cannot be opened at the moment. {OURS_EN} "
        f"You do not need to make it again. We are working on it. {MEANWHILE_EN} {SORRY_EN}"
    ),
    "zh-hans": (
        f"您的长音频已经生成并保存，只是目前无法打开。{OURS_ZH}您不需要重新生成，我们正在处理。{MEANWHILE_ZH}{SORRY_ZH}"
    ),
}
LINK_EXPIRED = {
    "en": (
        "Your long audio was made; only the link to play it has expired. Please go back one page, refresh it, and play "
        "again. If it still does not play, tell us."
    ),
    "zh-hans": (
        "您的长音频已经生成，只是播放链接过了有效期。请返回上一页，刷新后再播放；如果仍然无法播放，请告诉我们。"
    ),
}
FAILED = {
    "en": (
        "Your long audio could not be made this time. It is nothing you did, and not your phone or network. "
        f"We are checking why; the audio has to be made again. {MEANWHILE_EN} {SORRY_EN}"
    ),
    "zh-hans": (
        f"这次长音频没有生成成功，与您的操作、手机和网络都无关。我们正在检查原因，之后需要重新生成。"
        f"{MEANWHILE_ZH}{SORRY_ZH}"
    ),
}
ASSESSMENT = {
    "en": (
        "Your long audio could not be made this time: we may not have received the whole assessment. Please fill in "
        f"the assessment once more and ask for the audio again. {MEANWHILE_EN} {SORRY_EN}"
    ),
    "zh-hans": (
        f"这次长音频没有生成成功，可能是我们没有收到完整的评测结果。请您重新完成一次评测，再生成长音频。"
        f"{MEANWHILE_ZH}{SORRY_ZH}"
    ),
}
WAITING = {
    "en": (
        "Your long audio is in the queue and starts by itself when its turn comes. You do not need to ask for it "
        f"again. {MEANWHILE_EN}"
    ),
    "zh-hans": f"您的长音频正在排队，轮到后会自动开始生成，您不需要重复操作。{MEANWHILE_ZH}",
}
GENERATING = {
    "en": f"Your long audio is being made, and all is well. You do not need to ask for it again. {MEANWHILE_EN}",
    "zh-hans": f"您的长音频正在生成，一切正常，您不需要重复操作。{MEANWHILE_ZH}",
}
STUCK = {
    "en": (
        "Your long audio is taking longer than usual, and we are checking it. You do not need to ask for it again. "
        f"{MEANWHILE_EN} {SORRY_EN}"
    ),
    "zh-hans": f"您的长音频用时比平时长，我们正在检查，您不需要重复操作。{MEANWHILE_ZH}{SORRY_ZH}",
}
CHECKING = {
    "en": (f"We are still checking your long audio and do not want to guess at the cause. {MEANWHILE_EN} {SORRY_EN}"),
    "zh-hans": f"我们正在检查您的长音频，还没有确定原因，不想给您不准确的答复。{MEANWHILE_ZH}{SORRY_ZH}",
}
EXPIRED = {
    "en": (
        "Your long audio was kept for the usual time and has since been cleared away. "
        "If you would like to hear it, please make a new one."
    ),
    "zh-hans": "您的长音频已经超过保存期限，按约定清理了。如果您还想收听，请重新生成一段。",
}
OUT_OF_DATE = {
    "en": (
        "What the page tells you of your long audio may not be up to date. Please close the page and open it again. "
        f"If it still does not play, send us a picture of the message you see. {MEANWHILE_EN}"
    ),
    "zh-hans": (
        "页面上显示的长音频状态可能不是最新的。请关闭页面后重新打开；如果仍然无法播放，请把看到的提示截图发给我们。"
        f"{MEANWHILE_ZH}"
    ),
}
READY_LATE = {
    "en": (
        "Your long audio is ready and can be played. Making it took longer than the page waited, so the page did not "
        "show it at the time. Please open the page again and press play."
    ),
    "zh-hans": (
        "您的长音频已经生成好了，可以正常播放。当时生成用的时间比页面等待的时间长，所以没有显示出来。"
        "请重新打开页面播放。"
    ),
}
CONNECTION = {
    "en": (
        "Your long audio is complete and can be played. The connection broke off for a moment when you tried. "
        "Please press play again."
    ),
    "zh-hans": "您的长音频是完整的，可以正常播放。上次播放时网络连接中断过，请重新点一次播放。",
}
