"""The host told of sessions that are pending again, where its worker does not poll its table (the setting HOST_PICKUP)."""

from __future__ import annotations
