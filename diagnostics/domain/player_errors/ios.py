"""What iOS reports of a failed load: NSURLErrorDomain, shown by WeChat as INNERERRCODE."""

from __future__ import annotations

from diagnostics.domain.player_errors.entries import Entry, both

IOS: dict[str, Entry] = {
    "-1100": Entry(
        both("The server has no file at the address that the phone asked for.", "手机请求的地址在服务器上没有文件。"),
        ("file.deleted", "file.never_written", "delivery.wrong_url", "delivery.not_served", "path.missing"),
        both(
            "See whether the row's file is on the disk, and what its exact address answers.",
            "核对记录里的文件是否在磁盘上，并访问它的确切地址看返回什么。",
        ),
    ),
}
