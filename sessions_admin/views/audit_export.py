"""The audit as a file: the entries of the list's filters, as CSV or JSON lines."""

from __future__ import annotations

from django.http import Http404, HttpRequest, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.utils import timezone
from django.views.decorators.http import require_safe

from diagnostics.views.access import needs
from sessions_admin import permissions
from sessions_admin.export import FORMATS
from sessions_admin.forms import AuditFilter
from sessions_admin.models import AuditEntry


@require_safe
@needs(permissions.VIEW_AUDIT)
def audit_export(request: HttpRequest, form: str) -> HttpResponseBase:
    """Stream the entries that the same filters list, the oldest first."""
    if form not in FORMATS:
        raise Http404
    content_type, write = FORMATS[form]
    entries = AuditEntry.objects.filter(**AuditFilter(request.GET).scope).order_by("seq")
    response = StreamingHttpResponse(write(entries.iterator(chunk_size=500)), content_type=content_type)
    name = f"audit-{timezone.localtime():%Y%m%d-%H%M%S}.{form}"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
