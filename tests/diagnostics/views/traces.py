"""What a request leaves behind: every row of our own database, and what stands in the field of a page."""

from __future__ import annotations

import html
import re

from django.apps import apps
from django.core import serializers

OF_LOGINS = ("sessions.session",)  # a login's own, renewed as it is used


def dump() -> str:
    """Return all rows of our own database, as text."""
    kept = [model for model in apps.get_models() if model._meta.label_lower not in OF_LOGINS and model._meta.managed]
    rows = [row for model in kept for row in model._default_manager.order_by("pk")]
    return str(serializers.serialize("json", rows))


def field(page: str) -> str:
    """Return the text in the field of a page."""
    found = re.search(r'<textarea[^>]*name="text"[^>]*>\n(.*?)</textarea>', page, re.DOTALL)
    assert found, "there is no field"
    return html.unescape(found[1])
