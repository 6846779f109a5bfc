"""The addresses of the pages that touch."""

from __future__ import annotations

from django.urls import path

from sessions_admin.views import audit, audit_export, availability, pause, plans, reset_session, runs

app_name = "sessions_admin"
urlpatterns = [
    path("sessions-admin/reset/<key:key>", reset_session.reset_session, name="reset_session"),
    path("plans/", plans.plan_new, name="plan_new"),
    path("plans/<slug:operation>/", plans.plan_detail, name="plan_detail"),
    path("runs/", runs.run_list, name="run_list"),
    path("runs/<slug:operation>/", runs.run_detail, name="run_detail"),
    path("runs/<slug:operation>/abort/", runs.run_abort, name="run_abort"),
    path("pause/", pause.pause, name="pause"),
    path("pause/switch/", pause.pause_switch, name="pause_switch"),
    path("pause/end/", pause.pause_end, name="pause_end"),
    path("pause/band/", pause.pause_band, name="pause_band"),
    path("api/v1/availability", availability.availability, name="availability"),
    path("audit/", audit.audit_list, name="audit_list"),
    path("audit/export.<slug:form>", audit_export.audit_export, name="audit_export"),
    path("audit/<int:seq>/", audit.audit_entry, name="audit_entry"),
]
