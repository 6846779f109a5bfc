"""The worker's page: who works, and what each task does, did and will do next."""

from __future__ import annotations

import hashlib

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from diagnostics import permissions
from diagnostics.views.access import needs
from diagnostics.views.fragments import is_fragment, stamped, unchanged
from diagnostics.views.frame import snapshot_of
from sessions_admin.worker.course import Course, Life, courses, lives
from sessions_admin.worker.recurring import schedule


@require_safe
@needs(permissions.VIEW_SYSTEM)
def worker(request: HttpRequest) -> HttpResponse:
    """Show the workers and their tasks; htmx asks for the living part again."""
    now, snapshot = timezone.now(), snapshot_of(request)
    workers, tasks = lives(now), courses(schedule(), now)
    version = _version(workers, tasks)
    if is_fragment(request) and (nothing_new := unchanged(request, snapshot=snapshot, version=version)) is not None:
        return nothing_new
    context = {
        "workers": workers,
        "tasks": tasks,
        "is_anyone_alive": any(life.state == "alive" for life in workers),
        "snapshot": snapshot,
        "live_version": version,
        "live_url": reverse("sessions_admin:worker"),
    }
    template = "sessions_admin/_worker_panels.html" if is_fragment(request) else "sessions_admin/worker.html"
    return stamped(render(request, template, context), snapshot=snapshot, version=version)


def _version(workers: list[Life], tasks: list[Course]) -> str:
    """What a viewer sees of tasks that come every few seconds changes that often; a worker's sign of life is no change."""
    lives_told = [(life.row.pk, life.state) for life in workers]
    tasks_told = [(course.task.name, course.now, str(course.row and course.row.finished_at)) for course in tasks]
    return hashlib.blake2b(repr((lives_told, tasks_told)).encode(), digest_size=12).hexdigest()
