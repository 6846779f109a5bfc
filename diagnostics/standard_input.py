"""What is piped into a command, bounded and whatever its encoding."""

from __future__ import annotations

import sys

DASH = "-"  # as an argument: the text comes from there


def text_or_piped(argument: str, most_bytes: int) -> str:
    """Return an argument, or where it is a dash at most so much of standard input; what is no UTF-8 is replaced."""
    if argument != DASH:
        return argument
    return sys.stdin.buffer.read(most_bytes).decode("utf-8", "replace")
