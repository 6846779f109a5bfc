"""Sends one mail over the server of SMTP_URL, and says of one that could not be sent whether to try again."""

from __future__ import annotations

import hashlib
import smtplib
from contextlib import suppress
from email.charset import Charset
from email.utils import make_msgid

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.mail import EmailMultiAlternatives, get_connection
from django.core.validators import validate_email

from diagnostics.domain.wording.formatting import safe

LONGEST_WHY = 300
LONGEST_SUBJECT = 250
# Base64, so that a server that takes seven bits only takes Chinese too.
UTF_8 = Charset("utf-8")


class NotSent(Exception):
    """A mail was not taken. `is_permanent`: a person must mend something first, to try again is of no use."""

    def __init__(self, why: str, *, is_permanent: bool) -> None:
        super().__init__(why)
        self.is_permanent = is_permanent
        self.why = why


def send_mail(address: str, subject: str, text: str, *, html: str = "", key: str = "") -> None:
    """Hand one mail to the server; each step of the talk may take EMAIL_TIMEOUT seconds. Raises NotSent.

    The same `key` gives the same Message-ID: who gets a mail twice, because we died before we noted the first, sees one.
    """
    if not settings.SMTP_URL:
        raise NotSent("no mail server is set (SMTP_URL)", is_permanent=True)
    mail = _mail(_one_address(address), subject, text, html, key)
    connection = get_connection()
    try:
        connection.send_messages([mail])
    except (smtplib.SMTPException, OSError, ValueError) as error:
        raise _judged(error) from error
    finally:
        with suppress(smtplib.SMTPException, OSError):  # a talk that broke off half-way is still open
            connection.close()


def _one_address(address: str) -> str:
    try:
        validate_email(address)
    except ValidationError:
        raise NotSent(f"{safe(address, 80)} is no mail address", is_permanent=True) from None
    return address


def _mail(address: str, subject: str, text: str, html: str, key: str) -> EmailMultiAlternatives:
    domain = settings.MAIL_FROM.rpartition("@")[2] or "localhost"
    headers = {
        "Message-ID": _message_id(key, domain),
        "Auto-Submitted": "auto-generated",
        "X-Auto-Response-Suppress": "All",  # Exchange knows only its own
        "List-Id": f"<session-diagnostics.{domain}>",
    }
    mail = EmailMultiAlternatives(_one_line(subject), text, settings.MAIL_FROM, [address], headers=headers)
    mail.encoding = UTF_8
    if html:
        mail.attach_alternative(html, "text/html")
    return mail


def _message_id(key: str, domain: str) -> str:
    return f"<{hashlib.sha256(key.encode()).hexdigest()[:40]}@{domain}>" if key else make_msgid(domain=domain)


def _one_line(subject: str) -> str:
    """What is in a subject may come from a host: no line of it becomes a header."""
    line = " ".join(subject.split())[:LONGEST_SUBJECT]
    return "".join(character for character in line if character.isprintable())


def _judged(error: Exception) -> NotSent:
    """Tell a refusal for good from trouble of the moment (RFC 5321, 4.2.1: 5yz for good, 4yz for now)."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        code, said = next(iter(error.recipients.values()))
        return NotSent(_line(code, said), is_permanent=code >= 500)
    if isinstance(error, smtplib.SMTPConnectError | smtplib.SMTPHeloError):
        return NotSent(_line(error.smtp_code, error.smtp_error), is_permanent=False)  # its state, not the receiver's
    if isinstance(error, smtplib.SMTPResponseException):
        return NotSent(_line(error.smtp_code, error.smtp_error), is_permanent=error.smtp_code >= 500)
    is_for_good = isinstance(error, smtplib.SMTPNotSupportedError) or (
        isinstance(error, ValueError) and not isinstance(error, OSError)  # a certificate that is refused is both
    )
    return NotSent(safe(f"the mail server {_trouble(error)}", LONGEST_WHY), is_permanent=is_for_good)


def _trouble(error: Exception) -> str:
    if isinstance(error, TimeoutError) or "timed out" in str(error):
        return "did not answer in time"
    if isinstance(error, ConnectionRefusedError):
        return "refused the connection"
    if isinstance(error, smtplib.SMTPServerDisconnected):
        return "closed the connection"
    return f"could not be used: {str(error) or type(error).__name__}"


def _line(code: int, said: bytes | str) -> str:
    text = said.decode("utf-8", "replace") if isinstance(said, bytes) else said
    return safe(f"SMTP {code}: {text}", LONGEST_WHY)
