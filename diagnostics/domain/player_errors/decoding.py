"""All errors of a text: each shape in turn takes its part of it, the coarse codes join the errors they stand beside."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import islice

from diagnostics.domain.client_report import PlayerError
from diagnostics.domain.player_errors import shapes_android, shapes_browser, shapes_client, shapes_ios
from diagnostics.domain.player_errors.cleaning import excerpt, narrow
from diagnostics.domain.player_errors.hits import MOST_HITS, Hit, without
from diagnostics.domain.player_errors.outer import OUTER

LONGEST_TEXT = 300
# How far from its error WeChat's coarse code may stand.
_NEAR = 400

_Shape = Callable[[str], Iterator[Hit]]
# In this order: what has taken its part of the text leaves nothing there for the next.
_SHAPES: tuple[_Shape, ...] = (
    shapes_ios.inner_codes,
    shapes_ios.background_codes,
    shapes_android.own_player,
    shapes_client.calls,
    shapes_android.media3_statuses,
    shapes_android.names,
    shapes_android.media_players,
    shapes_android.media3,
    shapes_android.media3_causes,
    shapes_client.uni_app,
    shapes_browser.media_errors,
    shapes_browser.console_lines,
    shapes_browser.resources,
    shapes_browser.sayings,
    shapes_browser.names,
    shapes_browser.exceptions,
    shapes_browser.network,
    shapes_ios.domain_codes,
    shapes_ios.sentences,
    shapes_android.own_words,
    shapes_client.waits,
    shapes_client.statuses,
)
_LINE_BREAK = re.compile(r"[ \t]{0,20}\n[ \t]{0,20}")


def decode(plain: str) -> tuple[PlayerError, ...]:
    """Return the errors of a readable text: those of the player first, then those of other calls, each as they stand.

    A text that was wrapped at a fixed width is read once more with its lines joined, where it says nothing telling else.
    """
    hits = _hits_in(plain)
    if "\n" in plain and not any(map(_is_telling, hits)):
        joined = _hits_in(_LINE_BREAK.sub("", plain))
        hits = joined if any(map(_is_telling, joined)) or not hits else hits
    return _told_once(sorted(hits, key=_rank))


def _hits_in(plain: str) -> list[Hit]:
    said, hits = narrow(plain), list[Hit]()
    for shape in _SHAPES:
        found = list(islice(shape(said), MOST_HITS))
        said = without(said, found) if found else said
        hits += found
    outer = list(islice(shapes_client.outer_codes(said), MOST_HITS))
    return _with_outer_codes([_with_text(one, plain) for one in hits], outer)


def _with_text(one: Hit, plain: str) -> Hit:
    return replace(one, error=replace(one.error, text=excerpt(plain[one.start : one.end], LONGEST_TEXT)))


def _with_outer_codes(hits: list[Hit], outer: list[Hit]) -> list[Hit]:
    """Give each coarse code to the nearest error of a player; one that stands alone is an error of its own."""
    hits = list(hits)
    for one in outer:
        near = [place for place, known in enumerate(hits) if _takes(known, one)]
        if near:
            place = min(near, key=lambda place: _distance(hits[place], one))
            hits[place] = _with_outer_code(hits[place], one.error.code)
        else:
            hits.append(_with_outer_code(one, one.error.code))
    return hits


def _takes(known: Hit, outer: Hit) -> bool:
    return not known.is_aside and not _is_coarse(known.error) and _distance(known, outer) <= _NEAR


def _distance(one: Hit, other: Hit) -> int:
    return max(one.start, other.start) - min(one.end, other.end)


def _with_outer_code(one: Hit, code: str) -> Hit:
    error = one.error
    return replace(one, error=replace(error, outer_code=error.outer_code or code, text=error.text or code))


def _rank(one: Hit) -> tuple[bool, bool, int]:
    return one.is_aside or one.error.source == "client", _is_coarse(one.error), one.start


def _is_coarse(error: PlayerError) -> bool:
    """What says only that something failed: no code, WeChat's own code alone, a call or a request without a reason."""
    is_bare = error.code.endswith(":fail") or error.code == "net::ERR_ABORTED"
    return not error.code or is_bare or (error.source == "client" and error.code in OUTER)


def _told_once(hits: list[Hit]) -> tuple[PlayerError, ...]:
    """Leave out repetitions, and a sentence of iOS that has no number where another error of iOS stands."""
    by_code: dict[tuple[str, str], PlayerError] = {}
    for one in hits:
        key = (one.error.source, one.error.code)
        first = by_code.setdefault(key, one.error)
        by_code[key] = replace(first, outer_code=first.outer_code or one.error.outer_code)
    if len([source for source, _ in by_code if source == "ios"]) > 1:
        by_code.pop(("ios", ""), None)
    return tuple(by_code.values())[:MOST_HITS]


def _is_telling(one: Hit) -> bool:
    return not one.is_weak and not _is_coarse(one.error)
