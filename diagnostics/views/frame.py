"""What the frame of every page shows: navigation, standing conditions, freshness, environment."""

from __future__ import annotations

from django.http import HttpRequest


def frame(request: HttpRequest) -> dict[str, object]:
    return {}
