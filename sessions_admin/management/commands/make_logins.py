"""Makes one login a role, for a first look at the product; existing ones are left as they are."""

from __future__ import annotations

import json
import secrets
from argparse import ArgumentParser
from typing import Any, TypedDict

from django.contrib.auth.models import Group, User
from django.core.management.base import BaseCommand

from sessions_admin.roles import make_groups

LOGINS = {"sam": "support", "eve": "engineer", "max": "manager", "ada": "administrator"}
LETTERS = "abcdefghijkmnpqrstuvwxyz23456789"  # none that look alike


class Login(TypedDict):
    """One line of the answer; `password` is None where it was not touched."""

    login: str
    role: str
    password: str | None
    state: str


class Command(BaseCommand):
    help = (
        "Make one login a role (sam support, eve engineer, max manager, ada administrator) and print their passwords."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--json", action="store_true", help="print one JSON list")
        parser.add_argument("--reset", action="store_true", help="give those that exist a new password")

    def handle(self, *arguments: Any, **options: Any) -> None:
        make_groups()
        logins = [_login(name, role, reset=options["reset"]) for name, role in LOGINS.items()]
        if options["json"]:
            self.stdout.write(json.dumps(logins))
            return
        for login in logins:
            behind = f"password {login['password']}" if login["password"] else "already there, password unchanged"
            self.stdout.write(f"  {login['login']:<5} {login['role']:<14} {behind}")


def _login(name: str, role: str, *, reset: bool) -> Login:
    user, is_new = User.objects.get_or_create(username=name)
    if not is_new and not reset:
        return {"login": name, "role": role, "password": None, "state": "already there"}
    password = new_password()
    user.set_password(password)
    user.save()
    user.groups.add(Group.objects.get(name=role))
    return {"login": name, "role": role, "password": password, "state": "made" if is_new else "reset"}


def new_password() -> str:
    """Return twenty random letters in groups of five: about 100 bits, and no trouble to type."""
    return "-".join("".join(secrets.choice(LETTERS) for _ in range(5)) for _ in range(4))
