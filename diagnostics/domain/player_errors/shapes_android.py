"""The shapes in which Android reports: WeChat's own player, MediaPlayer, Media3 (ExoPlayer)."""

from __future__ import annotations

import re
from collections.abc import Iterator

from diagnostics.domain.player_errors.android import ANDROID, WORDS
from diagnostics.domain.player_errors.android_media import MEDIA3, MEDIA3_NAMES, MEDIA_PLAYER, MEDIA_PLAYER_NAMES
from diagnostics.domain.player_errors.hits import Hit, hit, is_cut
from diagnostics.domain.player_errors.statuses import status_entry

_FLAGS = re.IGNORECASE | re.ASCII
_OWN_PLAYER = re.compile(
    r"(?<![a-z])errCode\s{0,3}[:=]\s{0,3}(?P<code>-?\d{1,5})\s{0,3},\s{0,3}err\s{0,3}[:=]\s{0,3}[^\"'{}\n]{0,120}",
    _FLAGS,
)
_WORDS = re.compile("|".join(words.replace(" ", r"\s{1,3}") for words in WORDS), _FLAGS)
_MEDIA_NAME = re.compile(r"(?<!\w)(?:MEDIA_ERROR|ERROR_CODE)_\w{2,60}", _FLAGS)
_MEDIA_PLAYER = re.compile(
    r"(?:MediaPlayer[^\n]{0,40}?\(\s?|(?<!\w)what\s{0,2}[:=]?\s{0,2})(?P<what>-?\d{1,10})(?!\d)"
    r"(?:\s{0,3}[,;]\s{0,3}(?:extra\s{0,2}[:=]?\s{0,2})?|\s{1,3}extra\s{0,2}[:=]?\s{0,2})(?P<extra>-?\d{1,10})(?!\d)",
    _FLAGS,
)
_MEDIA3 = re.compile(
    r"(?:ExoPlay|PlaybackException|Media3)[^\n]{0,80}?code[\"']?\s{0,3}[:=]?\s{0,3}(?P<code>\d{4})(?!\d)", _FLAGS
)
_HTTP = re.compile(
    r"(?:InvalidResponseCodeException|HttpDataSource)[^\n]{0,80}?Response\s{1,3}code\s{0,3}[:=]?\s{0,3}(?P<code>\d{3})(?!\d)",
    _FLAGS,
)
_SOURCE_ERROR = re.compile(
    r"(?:Exo)?PlaybackException\s{0,3}:\s{0,3}(?P<what>Source|\w{0,40}Renderer)\s{1,3}error", _FLAGS
)


def own_player(said: str) -> Iterator[Hit]:
    for match in _OWN_PLAYER.finditer(said):
        yield hit(match.start(), match.end(), "android", match["code"], ANDROID.get(match["code"]))


def own_words(said: str) -> Iterator[Hit]:
    for match in _WORDS.finditer(said):
        code = WORDS[" ".join(match[0].lower().split())]
        yield hit(match.start(), match.end(), "android", code, ANDROID[code])


def media_players(said: str) -> Iterator[Hit]:
    for match in _MEDIA_PLAYER.finditer(said):
        if is_cut(said, match.end("extra"), match["extra"], MEDIA_PLAYER):
            continue
        code = next((code for code in (match["extra"], match["what"]) if code in MEDIA_PLAYER), match["what"])
        yield hit(match.start(), match.end(), "android", code, MEDIA_PLAYER.get(code))


def media3_statuses(said: str) -> Iterator[Hit]:
    for match in _HTTP.finditer(said):
        entry = status_entry(match["code"])
        if entry:
            yield hit(match.start(), match.end(), "android", match["code"], entry)


def names(said: str) -> Iterator[Hit]:
    for match in _MEDIA_NAME.finditer(said):
        name = match[0].upper()
        code, table = (
            (MEDIA_PLAYER_NAMES.get(name), MEDIA_PLAYER)
            if name in MEDIA_PLAYER_NAMES
            else (MEDIA3_NAMES.get(name), MEDIA3)
        )
        if code:
            yield hit(match.start(), match.end(), "android", code, table[code])


def media3(said: str) -> Iterator[Hit]:
    for match in _MEDIA3.finditer(said):
        if match["code"] in MEDIA3:
            yield hit(match.start(), match.end(), "android", match["code"], MEDIA3[match["code"]])


def media3_causes(said: str) -> Iterator[Hit]:
    for match in _SOURCE_ERROR.finditer(said):
        entry = MEDIA3["2000" if match["what"].lower() == "source" else "4003"]
        yield hit(match.start(), match.end(), "android", "", entry)
