"""A decision that was refused, in words that people can read."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.translation import gettext


class Refused(Exception):
    """Nothing was changed: a key of the catalogues and what fills it. The attempt stands in the audit."""

    def __init__(self, message: str, values: Mapping[str, object]) -> None:
        super().__init__(message)
        self.message, self.values = message, values

    @property
    def sentence(self) -> str:
        return gettext(self.message) % self.values
