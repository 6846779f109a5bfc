"""What is said of each kind of incident in Chinese."""

from __future__ import annotations

from diagnostics.domain.wording.incident_kinds import Told

CHINESE: dict[str, Told] = {
    "error": Told(
        "同一错误",
        "错误（略去各会话不同的部分）",
        "{sessions}因同一错误失败：“{error}”",
        "{sessions}曾因同一错误失败：“{error}”",
    ),
    "folder": Told(
        "目录无法读取",
        "目录",
        "{sessions}：目录“{folder}”自 {since_at} 起无法读取",
        "{sessions}：目录“{folder}”曾无法读取",
    ),
    "permissions": Told(
        "同一属主的文件无法读取",
        "属主与权限",
        "{sessions}：文件属于 {owner}，权限为 {mode}，无法读取",
        "{sessions}：文件属于 {owner}，权限为 {mode}，曾无法读取",
    ),
    "device": Told(
        "同一目录的文件无法检查",
        "目录",
        "{sessions}：自 {since_at} 起，检查“{folder}”中的文件时报错 {error}",
        "{sessions}：检查“{folder}”中的文件时曾报错 {error}",
        {
            "root": (
                "{sessions}：自 {since_at} 起，检查音频目录中的文件时报错 {error}",
                "{sessions}：检查音频目录中的文件时曾报错 {error}",
            )
        },
    ),
    "base": Told(
        "路径前缀相同",
        "路径的开头",
        "{rows}仍带有旧的路径前缀“{base}”，它在音频目录之外",
        "{rows}曾带有旧的路径前缀“{base}”，它在音频目录之外",
        {
            "wrong_url": (
                "{rows}带有路径前缀“{base}”，客户端据此拼出的地址不正确",
                "{rows}曾带有路径前缀“{base}”，客户端据此拼出的地址不正确",
            ),
            "bare": (
                "{rows}只写了文件名，客户端据此拼出的地址不正确",
                "{rows}曾只写文件名，客户端据此拼出的地址不正确",
            ),
        },
    ),
    "link": Told(
        "链接指向音频目录之外",
        "指向",
        "{sessions}：链接指向音频目录之外的“{folder}”",
        "{sessions}：链接曾指向音频目录之外的“{folder}”",
    ),
    "moved": Told(
        "文件移到了别的目录",
        "移动前后",
        "{sessions}：文件位于“{found}”，而记录写的是“{folder}”",
        "{sessions}：文件曾位于“{found}”，而记录写的是“{folder}”",
    ),
    "host": Told(
        "链接指向同一主机",
        "主机",
        "{sessions}：音频位于 {host}，本系统无法检查",
        "{sessions}：音频曾位于 {host}，本系统无法检查",
        {
            "expired": (
                "{sessions}：指向 {host} 的签名链接已过期",
                "{sessions}：指向 {host} 的签名链接曾经过期",
            )
        },
    ),
    "delivery": Told(
        "同一服务器没有送出文件",
        "服务器",
        "{sessions}：{host} 返回 {answer}，没有送出音频",
        "{sessions}：{host} 曾返回 {answer}，没有送出音频",
        {
            "length": (
                "{sessions}：{host} 送出的音频长度与文件不同",
                "{sessions}：{host} 曾送出长度与文件不同的音频",
            ),
            "not_audio": (
                "{sessions}：{host} 送出的内容不是音频",
                "{sessions}：{host} 曾送出不是音频的内容",
            ),
            "no_range": (
                "{sessions}：{host} 没有按播放器的需要响应 Range 请求",
                "{sessions}：{host} 曾没有按播放器的需要响应 Range 请求",
            ),
            "certificate": (
                "{sessions}：{host} 的证书不被接受",
                "{sessions}：{host} 的证书曾不被接受",
            ),
        },
    ),
    "deletion": Told(
        "文件同时被删除",
        "时间段",
        "{files}在 {seen_at..missed_at} 之间被删除",
        "{files}曾在 {seen_at..missed_at} 之间被删除",
    ),
    "content": Told(
        "文件有同样的缺陷",
        "大小",
        "{files}大小同为 {size_bytes:exact}，都无法作为音频播放",
        "{files}大小同为 {size_bytes:exact}，都曾无法作为音频播放",
        {
            "truncated": (
                "{files}都在 {size_bytes:exact} 处中断",
                "{files}都曾在 {size_bytes:exact} 处中断",
            )
        },
    ),
    "file": Told(
        "多个会话指向同一文件",
        "文件",
        "{sessions}：记录指向“{path}”，但该文件不属于它们",
        "{sessions}：记录曾指向“{path}”，但该文件不属于它们",
    ),
    "status": Told(
        "同一未知状态",
        "状态",
        "{rows}带有未知状态“{status}”",
        "{rows}曾带有未知状态“{status}”",
        {
            "blank": ("{rows}没有写明状态", "{rows}曾没有写明状态"),
        },
    ),
    "queue": Told(
        "队列停滞",
        "",
        "{sessions}在排队，自 {since_at} 起没有被处理",
        "{sessions}曾在排队而没有被处理",
    ),
    "worker": Told(
        "生成停滞",
        "",
        "{sessions}：生成自 {since_at} 起停滞",
        "{sessions}：生成曾经停滞",
        {
            "crashed": (
                "{sessions}：生成自 {since_at} 起中断，生成进程已不在运行",
                "{sessions}：生成曾经中断，生成进程当时不在运行",
            )
        },
    ),
}
