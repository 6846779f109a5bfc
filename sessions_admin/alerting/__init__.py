"""What people decide of alerts, and how they are told: levels, silences, channels, the outbox."""

from __future__ import annotations
