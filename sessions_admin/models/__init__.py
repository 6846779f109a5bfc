"""What people did and decided."""

from __future__ import annotations

from sessions_admin.models.alerting import Channel, Notification, Notified, Silence
from sessions_admin.models.audit import AuditEntry, AuditHead
from sessions_admin.models.handling import Handling
from sessions_admin.models.markers import Marker, ReportSubscription
from sessions_admin.models.pause import Pause
from sessions_admin.models.plans import ActionPlan, PlanItem, Run
from sessions_admin.models.policies import EmergencyNotice, Policy
from sessions_admin.models.quarantine import HeldFile
from sessions_admin.models.tellings import Telling

__all__ = [
    "ActionPlan",
    "AuditEntry",
    "AuditHead",
    "Channel",
    "EmergencyNotice",
    "Handling",
    "HeldFile",
    "Marker",
    "Notification",
    "Notified",
    "Pause",
    "PlanItem",
    "Policy",
    "ReportSubscription",
    "Run",
    "Silence",
    "Telling",
]
