"""The addresses of the pages that touch."""

from __future__ import annotations

from django.urls import path

from sessions_admin.views import audit, audit_export, reset_session

app_name = "sessions_admin"
urlpatterns = [
    path("sessions-admin/reset/<key:key>", reset_session.reset_session, name="reset_session"),
    path("audit/", audit.audit_list, name="audit_list"),
    path("audit/export.<slug:form>", audit_export.audit_export, name="audit_export"),
    path("audit/<int:seq>/", audit.audit_entry, name="audit_entry"),
]
