"""Every address: who looks (diagnostics), who touches (sessions_admin), the login, the language."""

from __future__ import annotations

from django.contrib.auth.views import LogoutView
from django.urls import include, path
from django.views.i18n import set_language

from sessions_admin.views.sign_in import SignIn

urlpatterns = [
    path("login/", SignIn.as_view(), name="login"),
    path("logout/", LogoutView.as_view(), name="logout"),
    path("language/", set_language, name="set_language"),
    path("", include("diagnostics.urls")),
    path("", include("sessions_admin.urls")),
]
