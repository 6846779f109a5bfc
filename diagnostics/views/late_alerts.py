"""The band that says that nobody looks at the alert rules: told by the page itself, for who should is silent."""

from __future__ import annotations

from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from diagnostics.alerts.rounds_read import lateness
from diagnostics.domain.wording.formatting import offset
from diagnostics.views.conditions import Band

CODE = "alerts.late"


def late_alerts(now: datetime) -> Band | None:
    late = lateness(now)
    if late is None:
        return None
    title = _("Nobody looks at the alert rules.")
    advice = _("Check that the worker is running: until then no alert begins or ends.")
    if late.last_at is None:
        return Band(CODE, title, _("No round over them was ever finished."), advice, None)
    told = ngettext(
        "Alerts were last looked at %(at)s, %(number)d round late.",
        "Alerts were last looked at %(at)s, %(number)d rounds late.",
        late.rounds,
    )
    return Band(CODE, title, told % {"at": _clock(late.last_at), "number": late.rounds}, advice, late.last_at)


def _clock(at: datetime) -> str:
    local = timezone.localtime(at)
    return f"{local:%H:%M:%S} ({offset(local)})"
