"""The addresses of the pages that touch."""

from __future__ import annotations

from django.urls import path

from sessions_admin.views import (
    alerts,
    approvals,
    audit,
    audit_export,
    availability,
    emergency,
    episode,
    handling,
    pause,
    plans,
    policies,
    quarantine,
    reset_session,
    runs,
    worker,
)

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
    path("alerts/", alerts.alert_list, name="alert_list"),
    path("alerts/episodes/<int:number>/", episode.episode, name="episode"),
    path("worker/", worker.worker, name="worker"),
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
    path("pause/", pause.pause, name="pause"),
    path("pause/switch/", pause.pause_switch, name="pause_switch"),
    path("pause/end/", pause.pause_end, name="pause_end"),
    path("pause/band/", pause.pause_band, name="pause_band"),
    path("api/v1/availability", availability.availability, name="availability"),
    path("audit/", audit.audit_list, name="audit_list"),
    path("audit/export.<slug:form>", audit_export.audit_export, name="audit_export"),
    path("audit/<int:seq>/", audit.audit_entry, name="audit_entry"),
]
