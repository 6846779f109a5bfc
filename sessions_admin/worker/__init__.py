"""The worker: runs the recurring tasks of both apps, each one in only one worker at a time."""

from __future__ import annotations
