"""A small host application to point the dashboard at: its table, its worker, its static server and its faults."""

from __future__ import annotations
