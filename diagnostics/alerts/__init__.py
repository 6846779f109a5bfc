"""Alerts: rounds that measure, judge and note; the back-test; what pages read."""

from __future__ import annotations
