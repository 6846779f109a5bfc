"""The app that touches."""

from __future__ import annotations

from django.apps import AppConfig


class SessionsAdminConfig(AppConfig):
    name = "sessions_admin"
    verbose_name = "Sessions administration"
