"""GET /api/v1/availability: what the host reads, without a login, whatever else is down."""

from __future__ import annotations

import logging

from django.db import DatabaseError, InterfaceError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.cache import get_conditional_response
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_safe

from sessions_admin.availability import Document, document_now, written
from sessions_admin.availability_file import kept_document

FRESH_SECONDS = 5
RETRY_SECONDS = 10
UNKNOWN = {
    "error": "availability_unknown",
    "detail": "The dashboard's own database does not answer. Go on, as if nothing were paused.",
}
logger = logging.getLogger(__name__)


@csrf_exempt  # nothing but GET and HEAD is answered, and whoever tries is told so
@require_safe
def availability(request: HttpRequest) -> HttpResponse:
    """Answer with the document; 304 where the asker has it; 503 where neither our database nor the file tells."""
    document, source = _found()
    if document is None:
        return JsonResponse(UNKNOWN, status=503, headers={"Retry-After": RETRY_SECONDS, "Cache-Control": "no-store"})
    answer = HttpResponse(written(document), content_type="application/json")
    answer["ETag"] = etag = f'"{document["version"]}"'
    answer["Cache-Control"] = f"public, max-age={FRESH_SECONDS}"
    answer["X-Availability-Source"] = source
    return get_conditional_response(request, etag=etag, response=answer) or answer


def _found() -> tuple[Document | None, str]:
    try:
        return document_now(), "database"
    except (DatabaseError, InterfaceError) as error:
        logger.warning("Availability is told from the file: our database does not answer (%s)", type(error).__name__)
        return kept_document(), "file"
