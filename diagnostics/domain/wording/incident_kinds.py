"""What is said of each kind of incident, in both languages."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Told:
    """One kind in one language. `title` names it without values, `label` what is shared.

    `sentence` tells of one that stands and `over` of one that is resolved; `variants` (name -> both) stand in their place.
    Beside the values, {sessions}, {rows} and {files} are counted ("214 sessions"), {since_at} is when it opened, and the
    English {carry} and {were} agree with their number.
    """

    title: str
    label: str
    sentence: str
    over: str
    variants: Mapping[str, tuple[str, str]] = field(default_factory=dict)


ENGLISH: dict[str, Told] = {
    "error": Told(
        "Same error",
        "The error, without what differs",
        "{sessions} failed with the same error: “{error}”",
        "{sessions} had failed with the same error: “{error}”",
    ),
    "folder": Told(
        "Folder cannot be read",
        "The folder",
        "{sessions}: the folder “{folder}” cannot be read since {since_at}",
        "{sessions}: the folder “{folder}” could not be read",
    ),
    "permissions": Told(
        "Files of one owner cannot be read",
        "Owner and mode",
        "{sessions}: their files belong to {owner} with mode {mode}, and cannot be read",
        "{sessions}: their files belonged to {owner} with mode {mode}, and could not be read",
    ),
    "device": Told(
        "Files of one folder cannot be looked at",
        "The folder",
        "{sessions}: looking at files in “{folder}” ends in {error} since {since_at}",
        "{sessions}: looking at files in “{folder}” ended in {error}",
        {
            "root": (
                "{sessions}: looking at files in the audio folder ends in {error} since {since_at}",
                "{sessions}: looking at files in the audio folder ended in {error}",
            )
        },
    ),
    "base": Told(
        "Same base in paths",
        "What the paths begin with",
        "{rows} {carry} the old base “{base}”, outside the audio folder",
        "{rows} carried the old base “{base}”, outside the audio folder",
        {
            "wrong_url": (
                "{rows} {carry} the base “{base}”, from which the client builds a wrong address",
                "{rows} carried the base “{base}”, from which the client builds a wrong address",
            ),
            "bare": (
                "{rows} {carry} a bare file name, from which the client builds a wrong address",
                "{rows} carried a bare file name, from which the client builds a wrong address",
            ),
        },
    ),
    "link": Told(
        "Links lead out of the audio folder",
        "Where they lead",
        "{sessions}: links lead out of the audio folder, to “{folder}”",
        "{sessions}: links led out of the audio folder, to “{folder}”",
    ),
    "moved": Told(
        "Files moved to another folder",
        "From where to where",
        "{sessions}: the files lie in “{found}”, and the rows say “{folder}”",
        "{sessions}: the files lay in “{found}”, and the rows said “{folder}”",
    ),
    "host": Told(
        "Links to one host",
        "The host",
        "{sessions}: the audio lies on {host}, where it cannot be checked",
        "{sessions}: the audio lay on {host}, where it could not be checked",
        {
            "expired": (
                "{sessions}: the signed links to {host} have expired",
                "{sessions}: the signed links to {host} had expired",
            )
        },
    ),
    "deletion": Told(
        "Files deleted at once",
        "The interval",
        "{files} {were} deleted between {seen_at..missed_at}",
        "{files} {were} deleted between {seen_at..missed_at}",
    ),
    "content": Told(
        "Files with the same flaw",
        "The size",
        "{files}, all of exactly {size_bytes:exact}, cannot be played as audio",
        "{files}, all of exactly {size_bytes:exact}, could not be played as audio",
        {
            "truncated": (
                "{files}, all cut off at exactly {size_bytes:exact}",
                "{files}, all cut off at exactly {size_bytes:exact}",
            )
        },
    ),
    "file": Told(
        "Several sessions on one file",
        "The file",
        "{sessions}: the rows claim “{path}”, which is not theirs",
        "{sessions}: the rows claimed “{path}”, which was not theirs",
    ),
    "status": Told(
        "Same unknown status",
        "The status",
        "{rows} {carry} the unknown status “{status}”",
        "{rows} carried the unknown status “{status}”",
        {
            "blank": ("{rows} {carry} no status at all", "{rows} carried no status at all"),
        },
    ),
    "queue": Told(
        "The queue stands still",
        "",
        "{sessions}: waiting, and not picked up since {since_at}",
        "{sessions}: had waited, and had not been picked up",
    ),
    "worker": Told(
        "Generation stands still",
        "",
        "{sessions}: generation stands still since {since_at}",
        "{sessions}: generation had stood still",
        {
            "crashed": (
                "{sessions}: generation broke off, and its process is gone since {since_at}",
                "{sessions}: generation had broken off, and its process was gone",
            )
        },
    ),
}

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
