"""What people did and decided."""

from __future__ import annotations

from sessions_admin.models.audit import AuditEntry, AuditHead
from sessions_admin.models.handling import Handling
from sessions_admin.models.plans import ActionPlan, PlanItem, Run

__all__ = ["ActionPlan", "AuditEntry", "AuditHead", "Handling", "PlanItem", "Run"]
