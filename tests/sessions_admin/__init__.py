"""Tests of the app that touches."""

from __future__ import annotations
