"""The addresses of the pages that look; the chapters stand in the order of the navigation."""

from __future__ import annotations

from django.urls import path, register_converter

from diagnostics.converters import KeyConverter
from diagnostics.views import (
    incidents,
    monitoring,
    overview,
    passes,
    player_errors,
    rates,
    rates_export,
    resources,
    session,
    session_list,
)

register_converter(KeyConverter, "key")

app_name = "diagnostics"
urlpatterns = [
    path("", overview.overview, name="overview"),
    path("overview/panels/", overview.overview_panels, name="overview_panels"),
    path("passes/", passes.pass_list, name="pass_list"),
    path("passes/panels/", passes.pass_panels, name="pass_panels"),
    path("passes/<int:number>/", passes.pass_detail, name="pass_detail"),
    path("file-findings/", passes.file_finding_list, name="file_finding_list"),
    path("sessions/", session_list.session_list, name="session_list"),
    path("sessions/<key:key>", session.session_detail, name="session_detail"),
    path("examinations/<key:key>", session.examination, name="examination"),
    path("incidents/", incidents.incident_list, name="incident_list"),
    path("incidents/<int:number>/", incidents.incident_detail, name="incident_detail"),
    path("listenings/<key:key>", session.listening, name="listening"),
    path("player-errors/", player_errors.player_errors, name="player_errors"),
    path("client-reports/<key:key>", player_errors.client_report, name="client_report"),
    path("resources/", resources.resources, name="resources"),
    path("rates/", rates.rates, name="rates"),
    path("rates/export.csv", rates_export.rates_export, name="rates_export"),
    path("healthz", monitoring.healthz, name="healthz"),
    path("readyz", monitoring.readyz, name="readyz"),
    path("metrics", monitoring.metrics, name="metrics"),
    path("resources/panels/", resources.resource_panels, name="resource_panels"),
]
