"""What is said of files that belong to no session."""

from __future__ import annotations

from diagnostics.domain.wording.entry import Family, Wording

FILE_FINDINGS: Family = {
    "file.orphan": {
        "en": Wording(
            title="File without a session",
            sentence="The file “{path}” ({size_bytes}, last changed {modified_at}) belongs to no row of the table.",
            meaning="The name is that of a session's audio, but no such session exists: its row was removed, or the "
            "dashboard looks at another database than the host.",
            next_step="Check that database and folder belong together before the file is moved away.",
        ),
        "zh-hans": Wording(
            title="无主文件",
            sentence="文件“{path}”（{size_bytes}，最后修改于 {modified_at}）不属于表中的任何记录。",
            meaning="文件名符合会话音频的规范，却没有对应的会话：可能记录已删除，也可能连接的数据库与主系统不同。",
            next_step="移走文件之前，先确认数据库与目录是对应的。",
        ),
    },
    "file.leftover": {
        "en": Wording(
            title="Leftover of a generation",
            sentence="The temporary file “{path}” ({size_bytes}, last changed {modified_at}) has not grown for long.",
            meaning="A generation was broken off and left its unfinished file behind. It only takes up space.",
            next_step="Move it away when no generation of its session is running.",
        ),
        "zh-hans": Wording(
            title="残留的临时文件",
            sentence="临时文件“{path}”（{size_bytes}，最后修改于 {modified_at}）已长时间没有增长。",
            meaning="某次生成中断后留下了未完成的文件，只是占用空间。",
            next_step="确认对应的会话没有在生成后，移走该文件。",
        ),
    },
}
