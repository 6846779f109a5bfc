"""The weekly report: how good the last whole week was, as a page and by mail to whoever wants it."""

from __future__ import annotations
