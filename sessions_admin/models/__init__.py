"""What people did and decided."""

from __future__ import annotations

from sessions_admin.models.audit import AuditEntry, AuditHead

__all__ = ["AuditEntry", "AuditHead"]
