"""What a client's log says beside its errors: the session, path, size and status it received, what it had asked for."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from itertools import islice

from diagnostics.domain.player_errors.answers_logged import Answer, session_ids
from diagnostics.domain.player_errors.cleaning import excerpt
from diagnostics.domain.player_errors.log_values import is_nothing, labelled, size_of, value_of

LONGEST_ERROR = 300
LONGEST_PATH = 1000
_MOST = 50

_PATH = labelled("文件路径", "音频路径", "final_file_path", "finalFilePath", r"file[_ ]?path")
_SIZE_LABEL = re.compile(
    r"(?<!\w)(?:文件大小|final_file_size|finalFileSize|file[_ ]?size)[\"']?\s{0,3}[:=：][ \t]{0,3}", re.IGNORECASE
)
_STATUS = re.compile(
    r"(?<![\w])(?:status|会话状态|状态)[\"']?\s{0,3}[:=：]\s{0,3}[\"']?([A-Za-z_]{2,32})(?![\w.])", re.IGNORECASE
)
# Words of an envelope, not of a session.
_NO_STATUS = frozenset({"success", "ok", "error", "fail", "true", "false", "null", "undefined", "none", "code"})
_ERROR = labelled("error_message", "errorMessage", "错误信息")
_QUERY = re.compile(r"[?#]|%3F", re.IGNORECASE)

_IN_CALLS = re.compile(r"(?:long_sequence_status|check_long_sequence_file)/([\w.-]{1,64})")
_IN_NAMES = re.compile(r"long_sequence_([\w-]{1,64}?)_\d{8}_\d{6}\.\w{3}", re.ASCII)
_IN_WORDS = re.compile(
    r"(?:会话|长序列|(?<![\w])session(?!\w))\s{0,3}(?:ID|编号|号|no\.?|number)?\s{0,3}[:：#＃=]?\s{0,3}#?"
    r"(?!\d{4}-\d\d)((?:[A-Za-z]{1,10}-?)?\d[\w-]{0,63}+)(?!\s{0,2}(?:min|sec|hour|分钟|小时|秒|个|次|条|%|\.\d))",
    re.IGNORECASE | re.ASCII,
)

_PARAMETERS = {
    "assessmentid": "assessment_id",
    "totaldurationminutes": "total_duration_minutes",
    "durationminutes": "duration_minutes",
    "durationseconds": "duration_seconds",
    "sceneid": "scene_id",
    "generationmode": "generation_mode",
    "segmentcount": "segment_count",
}
_PARAMETER = re.compile(
    r"(?<![\w])(assessment_?id|total_?duration_?minutes|duration_?minutes|duration_?seconds|scene_?id|generation_?mode|segment_?count)"
    r"[\"']?\s{0,3}[:=：]\s{0,3}[\"']?([\w.+-]{1,64})",
    re.IGNORECASE | re.ASCII,
)


def session_of(said: str) -> str | None:
    """Return the session that a text is about: from a JSON key, else a call's address, else a file name, else its words."""
    return next(_session_ids(said), None)


def path_of(said: str) -> tuple[str | None, bool | None]:
    """Return the path as the client received it, without its query, and whether it received one at all."""
    values = [value_of(match) for match in islice(_PATH.finditer(said), _MOST)]
    told = next((value for value in values if value), None)
    if told is None:
        return None, False if values else None
    return _QUERY.split(told, maxsplit=1)[0][:LONGEST_PATH], True


def size_in(said: str) -> tuple[int | None, bool]:
    for match in islice(_SIZE_LABEL.finditer(said), _MOST):
        size = size_of(said[match.end() : match.end() + 60])
        if size:
            return size
    return None, False


def status_of(said: str) -> str | None:
    values = (match[1].lower() for match in islice(_STATUS.finditer(said), _MOST))
    return next((value for value in values if value not in _NO_STATUS), None)


def error_message_of(said: str) -> str | None:
    values = (value_of(match) for match in islice(_ERROR.finditer(said), _MOST))
    told = next((value for value in values if value), None)
    return excerpt(told, LONGEST_ERROR) if told else None


def parameters_of(said: str, answers: tuple[Answer, ...]) -> Mapping[str, str]:
    """Return the parameters of the create call; the answers name some of them, too, and are left out."""
    found: dict[str, str] = {}
    for match in islice(_PARAMETER.finditer(said), _MOST):
        if not any(answer.start <= match.start() < answer.end for answer in answers):
            found.setdefault(_PARAMETERS[match[1].lower().replace("_", "")], match[2])
    return found


def _session_ids(said: str) -> Iterator[str]:
    yield from session_ids(said)
    for pattern in (_IN_CALLS, _IN_NAMES, _IN_WORDS):
        for match in pattern.finditer(said):
            if not is_nothing(match[1]):
                yield match[1]
