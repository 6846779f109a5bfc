"""Who may see a page: decided in the view, and the refusal says which roles may."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec

from django.contrib.auth.models import Group
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render

Arguments = ParamSpec("Arguments")
View = Callable[Concatenate[HttpRequest, Arguments], HttpResponseBase]


def needs(permission: str) -> Callable[[View[Arguments]], View[Arguments]]:
    """Refuse who lacks the permission ("app.codename"). Nobody anonymous comes this far: the middleware stops them."""

    def decorate(view: View[Arguments]) -> View[Arguments]:
        @wraps(view)
        def guarded(request: HttpRequest, /, *args: Arguments.args, **kwargs: Arguments.kwargs) -> HttpResponseBase:
            if not request.user.has_perm(permission):
                return refusal(request, permission)
            return view(request, *args, **kwargs)

        return guarded

    return decorate


def refusal(request: HttpRequest, permission: str) -> HttpResponse:
    return render(request, "403.html", {"allowed_roles": roles_with(permission)}, status=403)


def roles_with(permission: str) -> list[str]:
    """Return the names of the groups that a permission ("app.codename") was given to."""
    app_label, codename = permission.split(".", 1)
    allowed = Group.objects.filter(
        permissions__codename=codename, permissions__content_type__app_label=app_label
    ).order_by("pk")
    return list(allowed.values_list("name", flat=True))
