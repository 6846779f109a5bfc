"""The answers of the host that a client logged: where they stand, and what the one to the create call holds."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import islice

from diagnostics.domain.player_errors.log_values import is_nothing, labelled, value_of

_MOST = 20
_LONGEST = 8192
_FLAGS = re.IGNORECASE
_CREATED = re.compile(
    r"(?P<whole>长序列\s?API\s?响应|long\s?sequence\s?API\s?response)\s{0,3}[:：]"
    r"|(?P<data>完整响应数据|(?:full|complete)\s{1,3}response\s{1,3}data)\s{0,3}[:：]",
    _FLAGS,
)
_UNLABELLED = re.compile(r"\{\s{0,20}[\"']?success[\"']?\s{0,3}:", _FLAGS)
_OF_STATUS = re.compile(r"[\"']?(?:final_file_path|progress_percentage|final_file_size|status)[\"']?\s{0,3}:", _FLAGS)
_SUCCESS = re.compile(r"[\"']?\bsuccess[\"']?\s{0,3}:\s{0,3}[\"']?(true|false|1|0)\b", _FLAGS)
# The case matters: `sessionid` is the name of a cookie, and a secret.
SESSION_ID = re.compile(
    r"(?<![\w])(?:session_id|sessionId|long_sequence_id)[\"']?\s{0,3}[:=：]\s{0,3}[\"']?([\w.-]{0,64})"
)
_PATH = labelled("final_file_path", "file_path", "filePath", "audio_path", "audio_url", "audioUrl")
_COLLAPSED = re.compile(r"…|\.\.\.|\[object Object\]", _FLAGS)


@dataclass(frozen=True, slots=True)
class Answer:
    """`is_created`: of the create call, else of the status call. `text` is the JSON, or what stands in its place.

    `is_whole`: nothing is collapsed or cut off, so what is not in it was not in the answer.
    """

    start: int
    end: int
    text: str
    is_created: bool
    is_whole: bool


@dataclass(frozen=True, slots=True)
class Created:
    """What the answers to the create call say together; None: they do not say."""

    success: bool | None = None
    has_session_id: bool | None = None
    has_path: bool | None = None


def answers_in(said: str) -> tuple[Answer, ...]:
    found: list[Answer] = []
    for match in islice(_CREATED.finditer(said), _MOST):
        found.append(_answer(said, match.end(), is_created=True))
    for match in islice(_UNLABELLED.finditer(said), _MOST):
        if not any(answer.start <= match.start() < answer.end for answer in found):
            answer = _answer(said, match.start(), is_created=True)
            found.append(_of_status(answer) if _OF_STATUS.search(answer.text) else answer)
    return tuple(found)


def created(answers: tuple[Answer, ...]) -> Created:
    ours = [answer for answer in answers if answer.is_created]
    return Created(
        success=next((told for answer in ours if (told := _success(answer)) is not None), None),
        has_session_id=_any_has(ours, session_ids),
        has_path=_any_has(ours, _paths),
    )


def session_ids(text: str) -> Iterator[str]:
    for match in SESSION_ID.finditer(text):
        if not is_nothing(match[1]) and match[1] not in ("0", "false"):
            yield match[1]


def _paths(text: str) -> Iterator[str]:
    for match in _PATH.finditer(text):
        if value := value_of(match):
            yield value


def _any_has(answers: list[Answer], values: Callable[[str], Iterator[str]]) -> bool | None:
    if any(next(values(answer.text), None) for answer in answers):
        return True
    return False if any(answer.is_whole for answer in answers) else None


def _success(answer: Answer) -> bool | None:
    match = _SUCCESS.search(answer.text)
    return None if match is None else match[1].lower() in ("true", "1")


def _of_status(answer: Answer) -> Answer:
    return Answer(answer.start, answer.end, answer.text, is_created=False, is_whole=answer.is_whole)


def _answer(said: str, start: int, *, is_created: bool) -> Answer:
    rest = said[start : start + _LONGEST]
    blanks = len(rest) - len(rest.lstrip())
    if rest[blanks : blanks + 1] == "{":
        length = _closed(rest, blanks)
        text = rest[blanks : length or None]
        is_whole = bool(length) and not _COLLAPSED.search(text)
    else:
        text = rest.split("\n", 1)[0].strip()
        is_whole = is_nothing(text)
    return Answer(start, start + blanks + len(text), text, is_created, is_whole)


def _closed(text: str, start: int) -> int:
    """Return the place behind the brace that closes the one at `start`, 0 where none does."""
    depth, is_quoted = 0, False
    for place in range(start, len(text)):
        character = text[place]
        if character == '"' and text[place - 1] != "\\":
            is_quoted = not is_quoted
        elif not is_quoted and character in "{}":
            depth += 1 if character == "{" else -1
            if depth == 0:
                return place + 1
    return 0
