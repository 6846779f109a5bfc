"""What the page of the pause shows of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.contrib.auth.models import Group
from django.forms.utils import from_current_timezone
from django.http import HttpRequest
from django.urls import reverse
from django.utils.dateparse import parse_datetime

from sessions_admin.availability import document_of
from sessions_admin.availability_file import state_of_file
from sessions_admin.models import Pause
from sessions_admin.pause_forms import KEEP, REVIEWS, WORDS, EndForm, PauseForm, due_at
from sessions_admin.pause_texts import READY, TIME, for_users
from sessions_admin.permissions import PAUSE

LISTED_PAUSES = 30


@dataclass(frozen=True, slots=True)
class Read:
    """A text as users read it; `language` as HTML writes it."""

    language: str
    text: str


def shown(request: HttpRequest, standing: Pause | None, form: EndForm, now: datetime) -> dict[str, object]:
    may_switch = request.user.has_perm(PAUSE)
    told: dict[str, object] = {
        "standing": standing,
        "now": now,
        "may_switch": may_switch,
        "form": form,
        "placeholder": TIME,
    }
    if standing:
        told |= {"is_overdue": standing.is_overdue(now), "read": _read(standing.text_en, standing.text_zh, standing)}
    if may_switch and isinstance(form, PauseForm):
        told |= {"is_terms": True, "ready": READY, "reviews": _reviews(standing), "preview": _preview(form, now)}
    return {
        **told,
        "allowed_roles": [] if may_switch else _roles(),
        "history": Pause.objects.exclude(ended_at=None).order_by("-begun_at")[:LISTED_PAUSES],
        "address": request.build_absolute_uri(reverse("sessions_admin:availability")),
        "file": state_of_file(document_of(standing)),
    }


def _read(english: str, chinese: str, standing: Pause | None, due: datetime | None = None) -> tuple[Read, Read]:
    at = due or (standing.review_at if standing else None)
    texts = {"en": english, "zh-hans": chinese}
    read = [for_users(text, language, at) if at else text for language, text in texts.items()]
    return Read("en", read[0]), Read("zh-Hans", read[1])


def _preview(form: PauseForm, now: datetime) -> tuple[Read, Read]:
    """Return the form's texts as they would be read, with the time that is chosen as far as one is."""
    values = {name: str(form[name].value() or "") for name in ("review", "review_at", "text_en", "text_zh")}
    due = due_at(values["review"], _moment(values["review_at"]), now, form.standing)
    return _read(values["text_en"], values["text_zh"], None, due)


def _moment(text: str) -> datetime | None:
    try:
        found = parse_datetime(text)
    except ValueError:
        return None
    return found if found is None or found.tzinfo else from_current_timezone(found)


def _reviews(standing: Pause | None) -> list[tuple[str, object, datetime | None]]:
    """Return the choices: their value, word and, of the time that stands, the time."""
    keep = [(KEEP, "", standing.review_at)] if standing else []
    return [*keep, *((name, WORDS[name], None) for name in REVIEWS)]


def _roles() -> list[str]:
    app_label, codename = PAUSE.split(".", 1)
    allowed = Group.objects.filter(permissions__codename=codename, permissions__content_type__app_label=app_label)
    return list(allowed.order_by("pk").values_list("name", flat=True))
