"""Real messages, as users and tickets hold them, with what each has to be decoded to."""

from __future__ import annotations

from tests.domain.player_errors.message import FILE, Message
from tests.domain.player_errors.messages_android import ANDROID
from tests.domain.player_errors.messages_browser import BROWSER
from tests.domain.player_errors.messages_client import CLIENT, UNKNOWN
from tests.domain.player_errors.messages_ios import IOS

__all__ = ["FILE", "MESSAGES", "Message"]

MESSAGES = IOS + ANDROID + BROWSER + CLIENT + UNKNOWN
