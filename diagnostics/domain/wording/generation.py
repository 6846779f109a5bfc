"""What is said of a generation that failed."""

from __future__ import annotations

from diagnostics.domain.wording import user
from diagnostics.domain.wording.entry import Family, Wording

FAILED = user.FAILED

GENERATION: Family = {
    "generation.disk_full": {
        "en": Wording(
            title="Disk was full",
            sentence="Generation failed because the disk was full: “{error}”.",
            meaning="A long audio needs 50 to 200 MB at once. Every session fails in the same way until there is room.",
            next_step="Free space on the disk of the audio folder, then reset the session.",
            tell_user=FAILED["en"],
            variants={
                "without_error": "Generation failed without a message, and at {sampled_at} the disk was "
                "{disk_percent} full.",
                "by_inodes": "Generation failed without a message, and at {sampled_at} {inodes_percent} of the disk's "
                "inodes were used: there was no room for another file.",
            },
        ),
        "zh-hans": Wording(
            title="磁盘空间不足",
            sentence="磁盘空间不足，生成失败：“{error}”。",
            meaning="一段长音频一次需要 50 到 200 MB 空间。腾出空间之前，每个会话都会这样失败。",
            next_step="先为音频目录所在的磁盘腾出空间，再重置会话。",
            tell_user=FAILED["zh-hans"],
            variants={
                "without_error": "生成失败且没有留下错误信息，{sampled_at} 时磁盘已用 {disk_percent}。",
                "by_inodes": "生成失败且没有留下错误信息，{sampled_at} 时磁盘的 inode 已用 {inodes_percent}，"
                "无法再创建文件。",
            },
        ),
    },
    "generation.out_of_memory": {
        "en": Wording(
            title="Memory ran out",
            sentence="Generation failed because memory ran out: “{error}”.",
            meaning="Composing needs much memory, and the system stopped the process or refused it more.",
            next_step="Run fewer generators at a time or add memory, then reset the session.",
            tell_user=FAILED["en"],
            variants={
                "without_error": "Generation failed without a message, and at {sampled_at} {memory_percent} of the "
                "memory was used.",
            },
        ),
        "zh-hans": Wording(
            title="内存不足",
            sentence="内存不足，生成失败：“{error}”。",
            meaning="合成需要大量内存，系统拒绝继续分配，或终止了进程。",
            next_step="减少同时运行的生成进程或增加内存，再重置会话。",
            tell_user=FAILED["zh-hans"],
            variants={
                "without_error": "生成失败且没有留下错误信息，{sampled_at} 时内存已用 {memory_percent}。",
            },
        ),
    },
    "generation.permission_denied": {
        "en": Wording(
            title="No permission to write",
            sentence="Generation failed because the generator had no permission: “{error}”.",
            meaning="The generator may not create or change a file where it has to, or the file system is read-only.",
            next_step="Give the generator's user the right to write to the audio folder, then reset the session.",
            tell_user=FAILED["en"],
            variants={"without_error": "Generation failed because the generator had no permission to write."},
        ),
        "zh-hans": Wording(
            title="没有写入权限",
            sentence="生成进程没有权限，生成失败：“{error}”。",
            meaning="生成进程不能在需要的位置创建或修改文件，或文件系统是只读的。",
            next_step="先给生成进程的用户写入音频目录的权限，再重置会话。",
            tell_user=FAILED["zh-hans"],
            variants={"without_error": "生成进程没有写入权限，生成失败。"},
        ),
    },
    "generation.timed_out": {
        "en": Wording(
            title="Generation hit its time limit",
            sentence="Generation was stopped by a time limit: “{error}”.",
            meaning="The work took longer than the task queue allows. A long piece or a busy machine can be the reason.",
            next_step="Raise the time limit of the generating task, then reset the session.",
            tell_user=FAILED["en"],
            variants={"without_error": "Generation was stopped by a time limit."},
        ),
        "zh-hans": Wording(
            title="生成超过时间限制",
            sentence="生成超过时间限制而被终止：“{error}”。",
            meaning="用时超过了任务队列的限制，可能是音频太长，也可能是机器繁忙。",
            next_step="先放宽生成任务的时间限制，再重置会话。",
            tell_user=FAILED["zh-hans"],
            variants={"without_error": "生成超过时间限制而被终止。"},
        ),
    },
    "generation.dependency_down": {
        "en": Wording(
            title="A needed service was down",
            sentence="Generation failed because a service that it needs did not answer: “{error}”.",
            meaning="The database, the cache, the task queue or the object store refused or dropped the connection.",
            next_step="Check that this service is up again, then reset the session.",
            tell_user=FAILED["en"],
            variants={
                "without_error": "Generation failed because a service that it needs did not answer.",
                "by_database": "Generation failed without a message, and the host's database was down at {sampled_at}.",
                "by_cache": "Generation failed without a message, and the cache was down at {sampled_at}.",
                "by_broker": "Generation failed without a message, and the task queue was down at {sampled_at}.",
            },
        ),
        "zh-hans": Wording(
            title="依赖服务不可用",
            sentence="依赖的服务没有响应，生成失败：“{error}”。",
            meaning="数据库、缓存、消息队列或对象存储拒绝或中断了连接。",
            next_step="先确认该服务已经恢复，再重置会话。",
            tell_user=FAILED["zh-hans"],
            variants={
                "without_error": "依赖的服务没有响应，生成失败。",
                "by_database": "生成失败且没有留下错误信息，{sampled_at} 时主系统数据库不可用。",
                "by_cache": "生成失败且没有留下错误信息，{sampled_at} 时缓存不可用。",
                "by_broker": "生成失败且没有留下错误信息，{sampled_at} 时任务队列不可用。",
            },
        ),
    },
    "generation.engine_failed": {
        "en": Wording(
            title="Audio engine failed",
            sentence="Generation failed inside the audio engine: “{error}”.",
            meaning="The synthesis library could not be loaded or raised an error: often after an update.",
            next_step="Check the engine's installation on the generator's machine, then reset the session.",
            tell_user=FAILED["en"],
            variants={
                "without_error": "Generation failed inside the audio engine.",
                "by_engine": "Generation failed without a message, and the audio engine's own smoke test failed at "
                "{sampled_at}.",
            },
        ),
        "zh-hans": Wording(
            title="合成引擎出错",
            sentence="音频合成引擎出错，生成失败：“{error}”。",
            meaning="合成库无法加载或报错，常见于更新之后。",
            next_step="先检查生成机器上合成引擎的安装，再重置会话。",
            tell_user=FAILED["zh-hans"],
            variants={
                "without_error": "音频合成引擎出错，生成失败。",
                "by_engine": "生成失败且没有留下错误信息，{sampled_at} 时合成引擎的自检失败。",
            },
        ),
    },
    "generation.bad_input": {
        "en": Wording(
            title="Request was not valid",
            sentence="Generation failed because its input was not valid: “{error}”.",
            meaning="The assessment is missing or a parameter is out of range, so trying again alone does not help.",
            next_step="Check the assessment and the parameters of the row before anything is tried again.",
            tell_user=user.ASSESSMENT["en"],
            variants={"without_error": "Generation failed because its input was not valid."},
        ),
        "zh-hans": Wording(
            title="生成参数无效",
            sentence="输入的内容无效，生成失败：“{error}”。",
            meaning="缺少评测结果，或参数超出范围，只是重试没有用。",
            next_step="重试之前，先检查评测结果和记录中的参数。",
            tell_user=user.ASSESSMENT["zh-hans"],
            variants={"without_error": "输入的内容无效，生成失败。"},
        ),
    },
    "generation.unrecognised": {
        "en": Wording(
            title="Failed with an unknown error",
            sentence="Generation failed with an error that no rule knows: “{error}”.",
            meaning="There is a message, but it fits none of the known reasons. Equal messages are grouped, so one look "
            "serves all of them.",
            next_step="Read the error text below; reset the session when its reason is gone.",
            tell_user=FAILED["en"],
            variants={"without_error": "Generation failed with an error that no rule knows."},
        ),
        "zh-hans": Wording(
            title="未能识别的错误",
            sentence="生成失败，错误信息不在已知范围内：“{error}”。",
            meaning="有错误信息，但不符合任何已知原因。相同的信息会归为一组，看懂一条即可处理全部。",
            next_step="阅读下方的错误全文，原因消除后再重置会话。",
            tell_user=FAILED["zh-hans"],
            variants={"without_error": "生成失败，错误信息不在已知范围内。"},
        ),
    },
    "generation.unexplained": {
        "en": Wording(
            title="Failed without any message",
            sentence="Generation failed, and the host recorded no reason.",
            meaning="A failure without a message is a fault of the host itself: nobody can tell why it happened.",
            next_step="Look into the generator's log at the time of the failure, then reset the session.",
            tell_user=FAILED["en"],
            variants={"without_error": "Generation failed, and the host recorded no reason."},
        ),
        "zh-hans": Wording(
            title="失败但没有错误信息",
            sentence="生成失败，主系统没有记录原因。",
            meaning="失败却不留信息，这本身就是主系统的缺陷：谁也不知道为什么失败。",
            next_step="先查看失败时刻的生成日志，再重置会话。",
            tell_user=FAILED["zh-hans"],
            variants={"without_error": "生成失败，主系统没有记录原因。"},
        ),
    },
}
