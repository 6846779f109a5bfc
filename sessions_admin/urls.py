"""The addresses of the pages that touch."""

from __future__ import annotations

from django.urls import path

from sessions_admin.views import (
    approvals,
    audit,
    audit_export,
    emergency,
    plans,
    policies,
    quarantine,
    reset_session,
    runs,
)

app_name = "sessions_admin"
urlpatterns = [
    path("sessions-admin/reset/<key:key>", reset_session.reset_session, name="reset_session"),
    path("plans/", plans.plan_new, name="plan_new"),
    path("plans/<slug:operation>/", plans.plan_detail, name="plan_detail"),
    path("runs/", runs.run_list, name="run_list"),
    path("runs/<slug:operation>/", runs.run_detail, name="run_detail"),
    path("runs/<slug:operation>/abort/", runs.run_abort, name="run_abort"),
    path("runs/<slug:operation>/approve/", approvals.run_approve, name="run_approve"),
    path("runs/<slug:operation>/decline/", approvals.run_decline, name="run_decline"),
    path("quarantine/", quarantine.quarantine_list, name="quarantine_list"),
    path("quarantine/<int:number>/", quarantine.held_file, name="held_file"),
    path("policies/", policies.policy_list, name="policy_list"),
    path("policies/emergency/", emergency.emergency, name="emergency"),
    path("policies/<slug:name>/", policies.policy_detail, name="policy_detail"),
    path("policies/<slug:name>/decide/", policies.policy_decide, name="policy_decide"),
    path("policies/<slug:name>/look/", policies.policy_look, name="policy_look"),
    path("policies/<slug:name>/off/", policies.policy_off, name="policy_off"),
    path("audit/", audit.audit_list, name="audit_list"),
    path("audit/export.<slug:form>", audit_export.audit_export, name="audit_export"),
    path("audit/<int:seq>/", audit.audit_entry, name="audit_entry"),
]
