"""The addresses of the pages that look; the chapters stand in the order of the navigation."""

from __future__ import annotations

from django.urls import URLPattern

app_name = "diagnostics"
urlpatterns: list[URLPattern] = []
