"""Where a channel's messages go: which addresses are allowed, and how one is shown and spoken of without its secrets."""

from __future__ import annotations

import re
from importlib.util import find_spec
from urllib.parse import urlsplit

from diagnostics.domain.redaction import HIDDEN, hide_secrets
from diagnostics.domain.wording.formatting import safe
from sessions_admin.models import Channel

DOTS = "••••"
LONGEST_ERROR = 300
SHORTEST_SECRET = 6  # of a part of an address that is hidden wherever it turns up
# The schemes of apprise that reach people; what reads files, runs programs or posts anything anywhere is not among them.
CLOUD = {
    "wecombot": "WeCom", "dingtalk": "DingTalk", "feishu": "Feishu", "lark": "Lark", "slack": "Slack",
    "workflows": "Microsoft Teams", "workflow": "Microsoft Teams", "tgram": "Telegram", "discord": "Discord",
    "gchat": "Google Chat", "webex": "Webex", "zulip": "Zulip", "schan": "ServerChan", "pushplus": "Pushplus",
    "wxpusher": "WxPusher",
}  # fmt: skip
SELF_HOSTED = {
    "mmost": "Mattermost", "mmosts": "Mattermost", "ntfy": "ntfy", "ntfys": "ntfy", "gotify": "Gotify",
    "gotifys": "Gotify", "rocket": "Rocket.Chat", "rockets": "Rocket.Chat", "matrix": "Matrix", "matrixs": "Matrix",
    "bark": "Bark", "barks": "Bark",
}  # fmt: skip
CHATS = {**CLOUD, **SELF_HOSTED}
# Parameters of apprise by which an address would name a file of this machine, or another address.
REFUSED_PARAMETER = re.compile(r"[?&](template|attach|config|include|avatar_url|icon_url)=", re.IGNORECASE)
CHAT = re.compile(r"([a-z]+)://([^\s,]+)", re.IGNORECASE)


def is_web_address(target: str) -> bool:
    try:
        parts = urlsplit(target)
        return parts.scheme in ("http", "https") and bool(parts.hostname) and parts.username is None and parts.port != 0
    except ValueError:
        return False


def is_chat_address(target: str) -> bool:
    found = CHAT.fullmatch(target)
    return bool(found) and scheme_of(target) in CHATS and not REFUSED_PARAMETER.search(target)


def scheme_of(target: str) -> str:
    return target.partition("://")[0].lower()


def can_chat() -> bool:
    """Whether the extra is installed; only the worker imports it."""
    return find_spec("apprise") is not None


def masked(kind: str, target: str) -> str:
    """Return a target as a page may show it: enough to tell one from another, and of no use to anybody else."""
    if kind == Channel.Kind.MAIL:
        name, _at, domain = target.rpartition("@")
        return f"{name[:1]}{DOTS}@{domain}"
    scheme = scheme_of(target)
    if kind == Channel.Kind.APPRISE and scheme not in SELF_HOSTED:
        return f"{scheme}://…/{DOTS}"
    try:
        parts = urlsplit(target)
        host, has_more = parts.hostname or "", len(parts.path) > 1 or bool(parts.query)
    except ValueError:
        host, has_more = "", True
    return f"{scheme}://{host}/{DOTS}" if has_more and host else f"{scheme}://{DOTS}"


def without_secrets(text: str, *secrets: str) -> str:
    """Return what a receiver or a library said, without anything of these addresses and secrets, on one short line."""
    for secret in secrets:
        parts = [secret, *re.split(r"[/:@?&=#]+", secret)]
        for part in sorted({part for part in parts if len(part) >= SHORTEST_SECRET}, key=len, reverse=True):
            text = text.replace(part, HIDDEN)
    return safe(hide_secrets(text), LONGEST_ERROR)
