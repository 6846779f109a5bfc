"""The addresses of the pages that touch."""

from __future__ import annotations

from django.urls import path

from sessions_admin.views import audit, audit_export, handling, plans, reset_session, runs

app_name = "sessions_admin"
urlpatterns = [
    path("sessions-admin/reset/<key:key>", reset_session.reset_session, name="reset_session"),
    path("sessions-admin/handle/<key:key>", handling.session_handle, name="session_handle"),
    path("sessions-admin/unhandle/<key:key>", handling.session_unhandle, name="session_unhandle"),
    path("incidents/<int:number>/handle", handling.incident_handle, name="incident_handle"),
    path("incidents/<int:number>/unhandle", handling.incident_unhandle, name="incident_unhandle"),
    path("plans/", plans.plan_new, name="plan_new"),
    path("plans/<slug:operation>/", plans.plan_detail, name="plan_detail"),
    path("runs/", runs.run_list, name="run_list"),
    path("runs/<slug:operation>/", runs.run_detail, name="run_detail"),
    path("runs/<slug:operation>/abort/", runs.run_abort, name="run_abort"),
    path("audit/", audit.audit_list, name="audit_list"),
    path("audit/export.<slug:form>", audit_export.audit_export, name="audit_export"),
    path("audit/<int:seq>/", audit.audit_entry, name="audit_entry"),
]
