"""The band that every page shows while long sequences are paused, and what it adds to the words for a user."""

from __future__ import annotations

from datetime import datetime

from django import template
from django.utils import timezone
from django.utils.translation import get_language

from sessions_admin.models import Pause
from sessions_admin.pause_texts import for_users

register = template.Library()


def band_of(now: datetime) -> dict[str, object]:
    """Return what the band shows; `version` changes with it, and is "none" where nothing is paused."""
    pause = Pause.standing()
    is_overdue = bool(pause and pause.is_overdue(now))
    version = f"{pause.seen}{'.overdue' if is_overdue else ''}" if pause else "none"
    return {"pause": pause, "is_overdue": is_overdue, "version": version}


@register.inclusion_tag("sessions_admin/_pause_band.html")
def pause_band() -> dict[str, object]:
    return band_of(timezone.now())


@register.inclusion_tag("sessions_admin/_pause_note.html")
def pause_note() -> dict[str, object]:
    """What users of a paused host read, in the viewer's language; nothing where none is paused."""
    pause = Pause.standing()
    if pause is None:
        return {}
    language = "zh-hans" if get_language() == "zh-hans" else "en"
    text = pause.text_zh if language == "zh-hans" else pause.text_en
    return {"text": for_users(text, language, pause.review_at), "contact": pause.contact}
