"""Rates as pure arithmetic: how attempts end, what is counted of them, and what the figures of a period say."""

from __future__ import annotations
