"""What a host's RQ workers run."""

from __future__ import annotations


def compose(*_arguments: str) -> None:
    """A job that is done at once."""


def fail(reason: str) -> None:
    raise RuntimeError(reason)
