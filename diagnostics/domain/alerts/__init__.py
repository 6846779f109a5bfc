"""Alerts as pure rules: what each one measures, its levels, and how its state moves from one look to the next."""

from __future__ import annotations
