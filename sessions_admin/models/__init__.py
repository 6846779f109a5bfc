"""What people did and decided."""

from __future__ import annotations

from sessions_admin.models.audit import AuditEntry, AuditHead
from sessions_admin.models.plans import ActionPlan, PlanItem, Run
from sessions_admin.models.tellings import Telling

__all__ = ["ActionPlan", "AuditEntry", "AuditHead", "PlanItem", "Run", "Telling"]
