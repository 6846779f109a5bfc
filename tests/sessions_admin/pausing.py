"""A pause as tests begin it."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.contrib.auth.models import User
from django.utils import timezone

from sessions_admin import pausing
from sessions_admin.actors import By
from sessions_admin.models import Pause
from sessions_admin.pausing import Terms

ENGLISH, CHINESE = "Use the 60-second audio.", "请先使用 60 秒音频。"
REASON = "secret-reason: the disk is full"


def terms(due: datetime | None = None, **other: str) -> Terms:
    told = {"text_en": ENGLISH, "text_zh": CHINESE, "contact": "support@example.com", **other}
    return Terms(due or timezone.now() + timedelta(hours=4), **told)


def begun(by: User, *, due: datetime | None = None, at: datetime | None = None, **other: str) -> Pause:
    return pausing.begin(terms(due, **other), By(by, REASON, "10.0.0.1"), at or timezone.now())
