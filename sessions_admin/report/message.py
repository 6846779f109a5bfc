"""The report of one week as a mail, in the language of whoever gets it."""

from __future__ import annotations

from datetime import date

from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import override

from sessions_admin.alerting.message import Message
from sessions_admin.models import Notification
from sessions_admin.report.build import Report, build
from sessions_admin.report.words import days_of, rate_text, sheet_of


def message_of(notification: Notification) -> Message:
    """Return the mail that a notification of kind REPORT stands for; its content is {"week": the Monday}."""
    with override(notification.language):
        report = build(date.fromisoformat(notification.content["week"]))
        address = (
            f"{settings.DASHBOARD_URL.rstrip('/')}{reverse('sessions_admin:report')}" if settings.DASHBOARD_URL else ""
        )
        context = {"sheet": sheet_of(report), "address": address, "week": report.monday.isoformat()}
        return Message(
            subject=_subject(report),
            text=render_to_string("sessions_admin/report/mail.txt", context),
            html=render_to_string("sessions_admin/report/mail.html", context),
        )


def _subject(report: Report) -> str:
    told = {"days": days_of(report), "rate": rate_text(report.figures.by_file)}
    subject = _("Weekly report, %(days)s: %(rate)s playable") % told
    return f"[{settings.ENVIRONMENT_NAME}] {subject}" if settings.ENVIRONMENT_NAME else subject
