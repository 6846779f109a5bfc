"""Rates: what passes leave of endings, the figures counted of them, and what a period's figures are."""

from __future__ import annotations
