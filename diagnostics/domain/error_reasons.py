"""REASONS: the words by which an error text tells why a generation failed, in the order of causes.md (21 to 27)."""

from __future__ import annotations

import re

# ASCII: a Chinese character beside a word is its boundary, as a blank is beside an English one.
FLAGS = re.IGNORECASE | re.ASCII


def _any(*alternatives: str) -> re.Pattern[str]:
    return re.compile("|".join(alternatives), FLAGS)


def _errno(*numbers: int) -> str:
    """An error number as Python, MySQL, Rust and libc print it."""
    which = "|".join(map(str, numbers))
    return (
        rf"\berr(?:no|code)\s*[=:]?\s*(?:{which})\b|\(os error (?:{which})\)"
        rf"|(?:OS|IO|Permission|BrokenPipe|Connection\w{{0,10}})Error\((?:{which}),"
    )


# What stands between the word and the number of an exit code: "exited with code: 137", "退出码：137", "exitcode=-9".
_BETWEEN = r"(?:[ \t:：=（(<\[{'\"`#，,]|with|was|is|code|status|value|non-?zero|exit|为|是){0,12}"
# Behind a number these make it a measure of something, and no code.
_NO_MEASURE = (
    r"(?!\w|\.\d|[ \t]*(?:dB|LUFS|LU\b|[kM]?Hz|ms\b|s\b|sec|min|%|/[ \t]?\d|[KMG]i?B\b|m2\b|of\b|out of|bytes|frames"
    r"|samples|[cmk]?m\b|segments\b|sessions\b|jobs\b|tasks\b|rows\b|files\b|times\b|个|段|次|条|秒|分钟))"
)
_EXITED = r"(?:\bexit(?:ed|s)?(?:[ _-]?(?:status|code))?|\breturn[ _-]?(?:code|value)|退出(?:状态|代?码|值)*|返回(?:代?码|值))"
_RETURNED = r"(?:\breturned|返回了?)"


def _exit_code(codes: str) -> str:
    return (
        rf"{_EXITED}{_BETWEEN}(?:{codes}){_NO_MEASURE}|{_RETURNED}{_BETWEEN}(?:{codes}){_NO_MEASURE}(?![ \t]*[A-Za-z])"
    )


# "Killed" is the shell's and the kernel's word for SIGKILL; "killed 0 jobs", "killed by SIGTERM" or by a time limit are not.
_KILLED_BY = r"(?:by|due to|because of|on|for)[ \t]+(?:(?:an?|the|its|hard|soft|job|task|exceeding)[ \t]+){0,4}"
_KILLED_SECONDS = r"killed[ \t]+after[ \t]+\d+(?:\.\d+)?[ \t]*(?:s\b|sec|min|h\b|hour)"
_KILLED = (
    rf"(?<![A-Za-z])(?<!not )(?<!never )(?!{_KILLED_SECONDS})killed(?![A-Za-z])(?![ \t]+(?:\d+|no|zero|none|all)\b)"
    rf"(?![ \t]+{_KILLED_BY}(?:time|user|admin|operator|deploy|request|SIG(?!KILL)|signal[ \t]*(?!9\b)\d|(?!9\b)\d))"
)

DISK_FULL = _any(
    r"\bENOSPC\b|\bEDQUOT\b",
    _errno(28, 122),
    r"no (?:free |disk |more )?space left|no free (?:disk )?space|DiskFull",
    r"(?:not enough|insufficient|out of|ran out of) (?:free |disk |storage )*(?:space|disk|storage)\b",
    r"\b(?:disk|volume|device|storage|drive|file ?system)(?: is| was| are)?(?: now)? full\b",
    r"(?<!memory )quota(?!tion|ble|\.\w)",
    r"(?<!内存)(?<!显存)(?<!交换)空间(?:已经?|严重|都)?(?:不足|不够|耗尽|用尽|用完|满)",
    r"(?:磁盘|硬盘|存储|分区|盘)(?:已经?|都|被|写|塞)*满|没有(?:剩余|可用|多余|足够)?的?(?:磁盘|硬盘|存储)?空间",
    r"(?<!内存)(?<!显存)(?:配额|限额)",
)
OUT_OF_MEMORY = _any(
    r"MemoryError|OutOfMemory|bad_alloc|\bENOMEM\b",
    _errno(12),
    # "in static TLS block" is a shared library that cannot be loaded, whatever memory there is.
    r"(?:unable|failed|could not|couldn't|cannot|can't)(?: to)? allocate(?! memory in static)",
    r"memory allocation (?:of \d+ bytes )?(?:failed|failure|error)",
    r"(?:out of|insufficient|not enough|ran out of) (?:\w{2,12} )?memory",
    r"memory (?:limit|quota)|exceed\w* (?:the |its )?(?:\w{2,12} )?memory|memory (?:is |was )?exhausted",
    r"(?<![a-z])OOM(?:Error|Exception)?(?![a-z])|oom[-_ ]?kill",
    rf"SIGKILL|\bkill(?:ed)?[ \t]+-(?:9|KILL)\b|(?:\bsignal|信号)[ \t]*[:：=#(（]?[ \t]*9\b{_NO_MEASURE}|waitpid returned 9\b",
    _KILLED,
    _exit_code(r"137|-9"),
    rf"(?<![a-z])(?:status|code|rc)\b{_BETWEEN}(?:137|-9){_NO_MEASURE}",
    r"\A[\s'\"(\[]*-9[\s'\".)\]]*\Z",
    r"[内显]存(?:空间|资源|可用|已经?|严重|被|分配)*(?:不足|不够|溢出|耗尽|用尽|用完|超限|失败|满)",
    r"无法(?:再)?分配.{0,16}内存|超[出过]了?内存|被(?:系统|内核|操作系统)?(?:强制)?(?:杀死|杀掉|强杀)|已杀死",
)
PERMISSION_DENIED = _any(
    r"\bEACCES\b|\bEPERM\b|\bEROFS\b",
    _errno(13, 1, 30),
    r"PermissionError|permissions?[ \t]*(?:was |is |were )?denied|operation not permitted",
    r"read-?[ \t]?only[ \t]+(?:file ?system|volume|mount|disk)|readonly database",
    r"access[ \t-]?(?:is |was )?denied(?! for user)|insufficient (?:permission|privilege)s?",
    r"(?:directory|folder)[^\n]{0,80}? not writable",
    r"权限|只读(?:的)?(?:文件系统|磁盘|挂载)|文件系统(?:为|是)?只读|拒绝访问|(?:不允许的?操作|操作不(?:被)?允许)|无权|不可写|禁止写入",
)
_AT_WORK = (
    r"(?:job|task|generat\w*|worker|process|render\w*|synth\w*|compos\w*|segment|command|stage|operation|execution)"
)
TIMED_OUT = _any(
    r"TimeLimitExceeded|time[ -]?limit|JobTimeout|TimeoutExpired\b|TimeoutError",
    rf"\b{_AT_WORK}\b[^\n]{{0,40}}?\btim(?:ed|e)[ -]?out\b",
    r"tim(?:ed|e)[ -]?out[ \t]+(?:after|of)[ \t]+\d",
    r"exceed\w* (?:the |its |a )?(?:maximum |max |allowed |configured )*(?:timeout|time|run ?time)\b",
    r"deadline[ _]exceeded|exceeded (?:its |the )?deadline|took longer than|took too long",
    rf"{_KILLED_SECONDS}|killed[ \t]+{_KILLED_BY}time",
    r"\A\W*(?:error\W+)?tim(?:ed|e)[ -]?out\W*\Z",
    r"超时|超[过出]了?.{0,8}(?:时间|时限)(?!范围)|(?:执行|运行|生成|处理)时间过长",
)
DEPENDENCY_DOWN = _any(
    r"connection (?:(?:is|was|has|been|already|unexpectedly) ){0,3}(?:refused|reset|closed|aborted|lost|dropped|terminated)",
    r"ConnectionError|Connection(?:Refused|Reset|Aborted)|ConnectError|(?:closed|terminating|lost|broke) (?:the )?connection",
    r"\b(?:ECONN(?:REFUSED|RESET|ABORTED)|EHOSTUNREACH|ENETUNREACH|EPIPE|ENOTFOUND|EAI_AGAIN)\b|BrokenPipe|broken pipe",
    _errno(111, 104, 103, 101, 113, 110, 112, 32),
    r"server has gone away|could(?: not|n't) connect|can(?:'t|not) connect|unable to connect|failed to (?:connect|establish)",
    r"no route to host|network is unreachable|host is down|reset by peer|remote end closed|max retries exceeded",
    r"database (?:table |schema )?is locked|lock wait timeout|deadlock|too many (?:connections|clients)|connection slots",
    # Of a database's operational errors, those about a table, a column or the statement are no lost connection.
    r"OperationalError(?![^\n]{0,160}(?:no such |syntax error|unknown column|has no column|doesn't exist|too many SQL))",
    r"InterfaceError|database system is (?:starting|shutting)|authentication failed|access denied for user|NOAUTH|WRONGPASS",
    r"redis\.exceptions\.(?:Busy|ReadOnly|Timeout|Auth|Cluster)|redis is loading|MISCONF|master.{0,10}not found",
    r"amqp\.exceptions|pika\.exceptions|kombu\.exceptions|AMQP\w*Error|NoBrokersAvailable|oss2\.exceptions\.RequestError",
    r"EndpointConnection|ConnectionClosed|ServerSelection|AutoReconnect|service (?:is )?(?:temporarily )?unavailable|bad gateway",
    r"name or service not known|name resolution|getaddrinfo failed|QueuePool limit",
    r"连接(?:已经?|被|意外|异常)*(?:拒绝|失败|断开|中断|丢失|重置|关闭|数过多)|拒绝连接|(?:无法|未能|不能)连接|断开(?:了)?连接|死锁",
    r"数据库(?:表)?(?:已经?|被)*锁|(?:数据库|缓存|消息队列|服务|对象存储|redis|mysql)(?:服务)?(?:暂时)?(?:不可用|宕机|无响应|没有响应)",
)
ENGINE_FAILED = _any(
    r"ImportError|ModuleNotFoundError|no module named|cannot import name",
    r"cannot open shared object|\.so(?:\.\d+)*: file too short|shared librar|static TLS|DLL load failed|cannot load library|library not found|undefined symbol",
    r"GLIBC\w* not found|wrong ELF class|invalid ELF header|Illegal instruction|Bus error|Floating point exception",
    r"segmentation fault|segfault|SIGSEGV|SIGABRT|SIGILL|SIGBUS|SIGFPE|core dumped|Fatal Python error|double free|waitpid returned (?:11|139|134|6|132|4)\b",
    rf"(?:\bsignal|信号)[ \t]*[:：=#(（]?[ \t]*(?:11|6|4|7|8)\b{_NO_MEASURE}",
    _exit_code(r"139|134|132|135|136|-11|-6|-4|-7|-8"),
    r"(?:not|non-?)[ -]?finite|(?<![\w.-])NaN(?!\w|\.\w)|\binf(?:inity)?\b[ ,]+(?:or|and|values?|samples)",
    r"LibsndfileError|sndfile|soundfile\.|librosa\.|pydub\.|audioread\.|NoBackend|fluidsynth|ff(?:mpeg|probe)|\bsox\b",
    r"codec (?:error|failed|failure|not (?:found|supported|available))|(?:unknown|unsupported|missing|invalid) (?:\w{1,12} )?codec",
    r"Couldnt(?:De|En)code|(?<![A-Za-z.])encoder\b(?!\.py)|(?:audio|wav) (?:de|en)coding (?:failed|error)|invalid data found",
    r"synthes\w+ (?:engine |library )?(?:failed|error|crashed)|(?:engine|synthesi[sz]er) (?:failed|crashed)",
    r"合成(?:引擎|库)|编解码|编码器|解码器|音频[编解]码|[编解]码(?:失败|错误)|段错误|核心已转储|(?:动态|共享|音频)库",
    r"(?:找不到|缺少|没有|无法(?:加载|导入))(?:名为.{0,30}的)?模块|(?:采样|样本|音频)[^\n]{0,10}(?:非有限|无穷|无效值)",
)
INPUT_RANGE = r"must be (?:between|positive|at least|at most|one of|greater|less|within|a multiple)|Input should be|Ensure this value"
BAD_INPUT = _any(
    r"ValidationError|validation (?:errors?|failed)|failed validation|Unprocessable Entity",
    r"assessment[^\n]{0,40}?(?:not found|missing|does(?: not|n't) exist|is (?:None|null|required|empty)|unknown)",
    r"(?:missing|no such|no|unknown|without(?: an)?) assessment",
    # An index out of range is a mistake in a program, and no parameter.
    r"(?<!index )(?<!indices )out of range(?! for platform)|" + INPUT_RANGE,
    r"(?<!\[Errno 22\] )invalid (?:parameter|value(?! encountered)|argument|duration|input|scene|segment count)",
    r"unsupported (?:duration|scene|mode)|missing (?:required )?(?:parameter|field)|field required",
    r"参数(?:值|校验|验证)?(?:错误|无效|不合法|非法|超出|缺失|异常|失败|不正确|有误|为空)|(?:缺少|缺失|无效的?|非法)(?:必[填要])?的?(?:参数|时长|评[测估])",
    r"(?:评[测估]|测评)[^\n]{0,20}?(?:不存在|缺失|未找到|找不到|为空|丢失|无效)|(?:找不到|未找到|没有|缺少)(?:该|对应的?)?(?:评[测估]|测评)",
    r"超出(?:允许|有效|取值|规定)?(?:的)?范围|不在[^\n]{0,12}?范围|(?:校验|验证)(?:失败|错误|不通过|未通过)|时长(?:无效|不合法|过长|过短)",
)

# The first whose words a message holds is its reason, whichever exception of a chain says them: order is precedence.
REASONS: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("generation.disk_full", DISK_FULL),
    ("generation.out_of_memory", OUT_OF_MEMORY),
    ("generation.permission_denied", PERMISSION_DENIED),
    ("generation.timed_out", TIMED_OUT),
    ("generation.dependency_down", DEPENDENCY_DOWN),
    ("generation.engine_failed", ENGINE_FAILED),
    ("generation.bad_input", BAD_INPUT),
)

# A time-out of a connection, a lock or a statement is a dependency that dropped it: no time limit of the generation's own.
_OTHERS = (
    r"connect\w*|socket|read|write|recv|handshake|lock|query|statement|pool|database|broker|upload|urlopen|server"
    r"|redis\w*|mysql\w*|postgres\w*|psycopg\w*|sqlite\w*|mongo\w*|amqp|rabbitmq|https?\w*|oss|s3"
)
TIME_OUT_OF_OTHERS = re.compile(
    rf"(\b(?:{_OTHERS})\b(?:(?!{_AT_WORK}|tim(?:ed|e)[ -]?out)[^\n]){{0,60}})tim(?:ed|e)[ -]?out"
    r"|((?:Connect|Read|Write|Pool|ServerSelection|Proxy)Timeout(?:Error)?\b|ETIMEDOUT"
    r"|\b(?:redis|sqlalchemy|urllib3|elasticsearch|kombu|amqp|pymongo|aiohttp|httpx|httpcore|requests|psycopg\w*|asyncpg"
    r"|aioredis|aiomysql|botocore|socket|pymysql)\.[\w.]{0,40}Timeout(?:Error)?\b|TimeoutError: \[Errno (?:110|60)\])"
    r"|((?:连接|数据库|缓存|消息队列|套接字|对象存储|redis|mysql|postgres\w*|rabbitmq|oss|s3)[^\n，。；,;]{0,12}?)超时",
    FLAGS,
)
DROPPED = " connection lost "
