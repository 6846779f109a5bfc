"""Tests of the demo host: real processes, real files."""

from __future__ import annotations
