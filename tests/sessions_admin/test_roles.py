"""The four roles: made by the migration, with the permissions that the design names."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import Group, Permission

from sessions_admin import permissions
from sessions_admin.roles import LOOK, ROLES, make_groups

pytestmark = pytest.mark.django_db


def permissions_of(role: str) -> set[str]:
    found = Permission.objects.filter(group__name=role).select_related("content_type")
    return {f"{permission.content_type.app_label}.{permission.codename}" for permission in found}


@pytest.mark.parametrize("role", ROLES)
def test_the_migration_made_each_role(role: str) -> None:
    assert permissions_of(role) == set(ROLES[role])


@pytest.mark.parametrize("role", ROLES)
def test_a_role_that_is_gone_comes_back(role: str) -> None:
    Group.objects.all().delete()
    Permission.objects.all().delete()
    make_groups()
    make_groups()
    assert permissions_of(role) == set(ROLES[role])


def test_a_manager_sees_figures_only() -> None:
    assert permissions_of("manager") == {"diagnostics.view_figures"}


def test_an_administrator_may_do_everything() -> None:
    everything = {f"sessions_admin.{codename}" for codename, _ in permissions.DECLARED} | set(LOOK)
    assert permissions_of("administrator") == everything
