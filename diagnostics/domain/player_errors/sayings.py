"""SAYINGS: what browsers say in words alone, with the code that each stands for."""

from __future__ import annotations

import re

from diagnostics.domain.player_errors import checks, suspects
from diagnostics.domain.player_errors.browser import DOM_EXCEPTIONS, NETWORK, NO_ADDRESS, NO_CONTAINER, NO_SOURCE
from diagnostics.domain.player_errors.entries import Entry, entry

CROSS_ORIGIN = entry(
    "The browser hides the answer from the page: the server does not allow other origins (CORS).",
    "浏览器不让页面读取响应：服务器没有允许跨域访问（CORS）。",
    ("delivery.not_served", "delivery.wrong_url"),
    checks.HEADERS,
)
MIXED_CONTENT = entry(
    "A page under https may not load an address under http.",
    "https 页面不能加载 http 地址。",
    ("delivery.wrong_url", "path.remote"),
    checks.SCHEME,
)
FETCH_FAILED = entry("The browser got no answer at all.", "浏览器没有得到任何响应。", suspects.NO_ANSWER, checks.PORT)
WRONG_TYPE = entry(
    "The server's answer is no audio by its Content-Type.",
    "按 Content-Type 判断，服务器返回的不是音频。",
    ("delivery.not_audio", "delivery.link_expired"),
    checks.FIRST_BYTES,
)
BLOCKED = entry(
    "An extension or a rule of the page keeps the browser from loading the address.",
    "浏览器扩展或页面的安全策略阻止了加载该地址。",
    suspects.NONE,
    checks.CLIENT_CODE,
)


def _said(*alternatives: str) -> re.Pattern[str]:
    words = "|".join(alternatives).replace(" ", r"\s{1,3}").replace("'", "['’]?")
    return re.compile(words, re.IGNORECASE)


# The more telling ones first. The engines put no name in front of some of them.
SAYINGS: tuple[tuple[re.Pattern[str], str, Entry], ...] = (
    (
        _said("blocked by CORS policy", "Cross-Origin Request Blocked", "not allowed by Access-Control-Allow-Origin"),
        "CORS",
        CROSS_ORIGIN,
    ),
    (_said("Mixed Content: The page"), "Mixed Content", MIXED_CONTENT),
    (_said("violates the following Content Security Policy", "Refused to load media"), "CSP", BLOCKED),
    (_said("HTTP .?Content-Type.? of .?[\\w/+.-]{1,40}.? is not supported"), "Content-Type", WRONG_TYPE),
    (_said("MEDIA_ELEMENT_ERROR: Empty src attribute", "Invalid URI. Load of media resource"), "4", NO_ADDRESS),
    (_said("MEDIA_ELEMENT_ERROR: [^\\n\"'{}]{1,60}"), "4", NO_SOURCE),
    (
        _said(
            "(?:Encoding Error: )?Unable to decode audio data",
            "The buffer passed to decodeAudioData contains an? (?:invalid|unknown) content",
            "EncodingError: Decoding failed",
        ),
        "EncodingError",
        DOM_EXCEPTIONS["EncodingError"],
    ),
    (
        _said(
            "(?:NotAllowedError: )?play\\(\\) (?:failed because the user didn't interact|can only be initiated by a user gesture)",
            "The play method is not allowed by the user agent",
            "The request is not allowed by the user agent or the platform in the current context",
        ),
        "NotAllowedError",
        DOM_EXCEPTIONS["NotAllowedError"],
    ),
    (
        _said(
            "The play\\(\\) request was interrupted by",
            "The fetching process for the media resource was aborted",
            "AbortError: The operation was aborted",
        ),
        "AbortError",
        DOM_EXCEPTIONS["AbortError"],
    ),
    (
        _said(
            "Failed to load because no supported source was found",
            "The element has no supported sources",
            "The media resource indicated by the src attribute or assigned media provider object was not suitable",
            "NotSupportedError: The operation is not supported",
            "All candidate resources failed to load",
        ),
        "NotSupportedError",
        DOM_EXCEPTIONS["NotSupportedError"],
    ),
    (
        _said("Media resource \\S{1,2000} could not be decoded(?!.{0,60}NS_ERROR_DOM_MEDIA)"),
        "",
        NO_CONTAINER,
    ),
    (_said("NS_ERROR_NET_TIMEOUT"), "NS_ERROR_NET_TIMEOUT", DOM_EXCEPTIONS["TimeoutError"]),
    (_said("NS_ERROR_NET_(?:RESET|INTERRUPT|PARTIAL_TRANSFER)"), "NS_ERROR_NET_RESET", NETWORK),
    (_said("NS_ERROR_CONNECTION_REFUSED"), "NS_ERROR_CONNECTION_REFUSED", FETCH_FAILED),
    (_said("NS_ERROR_UNKNOWN_HOST"), "NS_ERROR_UNKNOWN_HOST", FETCH_FAILED),
    (
        _said("TypeError: Failed to fetch", "NetworkError when attempting to fetch resource", "TypeError: Load failed"),
        "Failed to fetch",
        FETCH_FAILED,
    ),
)
