"""The addresses of the pages that touch."""

from __future__ import annotations

from django.urls import path

from sessions_admin.views import audit, audit_export, plans, quarantine, reset_session, runs

app_name = "sessions_admin"
urlpatterns = [
    path("sessions-admin/reset/<key:key>", reset_session.reset_session, name="reset_session"),
    path("plans/", plans.plan_new, name="plan_new"),
    path("plans/<slug:operation>/", plans.plan_detail, name="plan_detail"),
    path("runs/", runs.run_list, name="run_list"),
    path("runs/<slug:operation>/", runs.run_detail, name="run_detail"),
    path("runs/<slug:operation>/abort/", runs.run_abort, name="run_abort"),
    path("quarantine/", quarantine.quarantine_list, name="quarantine_list"),
    path("quarantine/<int:number>/", quarantine.held_file, name="held_file"),
    path("audit/", audit.audit_list, name="audit_list"),
    path("audit/export.<slug:form>", audit_export.audit_export, name="audit_export"),
    path("audit/<int:seq>/", audit.audit_entry, name="audit_entry"),
]
