"""What a client's report is labelled with: its facts, why it decides nothing, how each statement stands to the row."""

from __future__ import annotations

from diagnostics.domain.wording.labels import Words, both

REASONS: Words = {
    "other_session": both(
        "What was pasted is about another session, so nothing of it counts here.",
        "粘贴的内容说的是另一个会话，这里不予采用。",
    ),
    "parameters_differ": both("The client asked for something else than the row says.", "客户端请求的内容与记录不同。"),
    "answer_differs": both("The client received something else than the row says.", "客户端收到的内容与记录不同。"),
    "not_in_report": both("What was pasted holds no answer of the server.", "粘贴的内容里没有服务器返回的数据。"),
    "no_player_error": both("What was pasted holds no player error.", "粘贴的内容里没有播放错误。"),
    "not_understood": both("What was pasted holds no known player error.", "粘贴的内容里没有已知的播放错误。"),
    "explained": both("What was found here explains it.", "这里发现的问题可以解释这个错误。"),
    "contradicted": both(
        "It does not fit what was found: all that it makes likely is ruled out now.",
        "与检查结果不符：它可能的原因现在都已排除。",
    ),
    "undecided": both(
        "Some of what it makes likely could not be checked here.", "它可能的原因中，有些在这里无法检查。"
    ),
    "of_the_phone": both(
        "It lies with the phone or the player, not with the session.", "问题在手机或播放器，与会话无关。"
    ),
}
FACTS: Words = {
    "player's error": both("player's error", "播放器错误"),
    "URL the client asked for": both("URL the client asked for", "客户端请求的地址"),
    "success": both("answer says success", "返回的成功标志"),
    "answer holds session_id": both("answer holds session_id", "返回了 session_id"),
    "answer holds a path": both("answer holds a path", "返回了路径"),
    "suspected": both("likely cause, not checked", "可能的原因，未检查"),
    "suspected, confirmed": both("likely cause, confirmed", "可能的原因，已确认"),
    "suspected, ruled out": both("likely cause, ruled out", "可能的原因，已排除"),
}
SUSPECTS: Words = {
    "confirmed": both("confirmed", "已确认"),
    "ruled_out": both("ruled out", "已排除"),
    "not_checked": both("not checked", "未检查"),
}
OUTCOMES: Words = {
    "agrees": both("as in the row", "与记录一致"),
    "differs": both("differs from the row", "与记录不同"),
    "not_comparable": both("nothing to compare with", "无从对照"),
}
STATEMENTS: Words = {
    "session_id": both("Session", "会话"),
    "assessment_id": both("Assessment", "评测"),
    "duration": both("Length asked for", "请求的时长"),
    "scene_id": both("Scene", "场景"),
    "generation_mode": both("Mode", "生成方式"),
    "segment_count": both("Segments", "段数"),
    "user_id": both("User", "用户"),
    "status": both("Status received", "收到的状态"),
    "final_file_path": both("Path received", "收到的路径"),
    "final_file_size": both("Size received", "收到的大小"),
    "error_message": both("Error received", "收到的错误信息"),
    "URL": both("URL asked for", "请求的地址"),
}
PLAYERS: Words = {
    "ios": both("Player on iOS", "iOS 播放器"),
    "android": both("Player on Android", "Android 播放器"),
    "browser": both("Browser", "浏览器"),
    "client": both("The mini program’s own request", "小程序的请求"),
    "unknown": both("Not known", "未知"),
}
TABLES = (SUSPECTS, OUTCOMES, STATEMENTS, PLAYERS)
