"""Words and colours that only the pages that touch need."""

from __future__ import annotations
