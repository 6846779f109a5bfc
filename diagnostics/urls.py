"""The addresses of the pages that look; the chapters stand in the order of the navigation."""

from __future__ import annotations

from importlib.util import find_spec

from django.urls import path

from diagnostics.views import overview, passes, resources, session_list

app_name = "diagnostics"
urlpatterns = [
    path("", overview.overview, name="overview"),
    path("overview/panels/", overview.overview_panels, name="overview_panels"),
    path("passes/", passes.pass_list, name="pass_list"),
    path("passes/panels/", passes.pass_panels, name="pass_panels"),
    path("passes/<int:number>/", passes.pass_detail, name="pass_detail"),
    path("file-findings/", passes.file_finding_list, name="file_finding_list"),
    path("sessions/", session_list.session_list, name="session_list"),
    path("resources/", resources.resources, name="resources"),
    path("resources/panels/", resources.resource_panels, name="resource_panels"),
]

# The pages of the other chapters join as soon as they are there.
if find_spec("diagnostics.views.session"):
    from diagnostics.views import session

    urlpatterns += [
        path("sessions/<path:key>", session.session_detail, name="session_detail"),
        path("examinations/<path:key>", session.examination, name="examination"),
    ]
else:
    urlpatterns += [path("sessions/<path:key>", session_list.session_list, name="session_detail")]
