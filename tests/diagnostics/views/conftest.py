"""The manager under a name that is not a builtin's."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import User
from django.test import Client

from tests.conftest import signed_in


@pytest.fixture
def manager(cast: dict[str, User]) -> Client:
    """A browser in which max the manager is signed in."""
    return signed_in(cast["max"])
