"""The addresses of the pages that touch."""

from __future__ import annotations

from django.urls import URLPattern

app_name = "sessions_admin"
urlpatterns: list[URLPattern] = []
