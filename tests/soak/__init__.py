"""Races between resets and the host's generators, round after round: `python -m tests.soak --help`."""

from __future__ import annotations
