"""A real mail server for tests: it takes letters, and says no, hangs, drops or is away when it is told to."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import Iterator
from email.message import EmailMessage
from email.parser import BytesParser
from email.policy import default
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session
from pytest_django import Settings

from config.mail import server
from tests.api_host import closed_port

HOST = "127.0.0.1"
SENDER = "diagnostics@example.com"


class MailServer:
    """It listens on one port for good, open or closed.

    `answers` maps a command (EHLO, AUTH, MAIL, RCPT, DATA) to the reply that it gets instead of a good one, to "hang"
    or to "drop"; `letters` holds what was taken, `envelopes` how it came.
    """

    def __init__(self, *, tls: ssl.SSLContext | None = None, starttls: ssl.SSLContext | None = None) -> None:
        self.port = closed_port()
        self.answers: dict[str, str] = {}
        self.letters: list[EmailMessage] = []
        self.envelopes: list[Envelope] = []
        self.logins: list[tuple[str, str]] = []
        self.tried = 0
        self._tls, self._starttls = tls, starttls
        self._controller: Controller | None = None

    @property
    def texts(self) -> list[str]:
        """The plain text of each letter."""
        return [text_of(letter) for letter in self.letters]

    def open(self) -> None:
        self._controller = Controller(
            self,
            hostname=HOST,
            port=self.port,
            ssl_context=self._tls,
            tls_context=self._starttls,
            require_starttls=self._starttls is not None,
            authenticator=self._authenticated,
            auth_require_tls=False,
        )
        self._controller.start()

    def close(self) -> None:
        if self._controller:
            self._controller.stop(no_assert=True)
            self._controller = None

    async def handle_EHLO(
        self, server: SMTP, session: Session, envelope: Envelope, name: str, replies: list[str]
    ) -> list[str]:
        said = await self._said("EHLO", server)
        session.host_name = name
        return [said] if said else replies

    async def handle_MAIL(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        self.tried += 1
        envelope.mail_from = address
        return await self._said("MAIL", server) or "250 OK"

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        envelope.rcpt_tos.append(address)
        return await self._said("RCPT", server) or "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        if said := await self._said("DATA", server):
            return said
        content = envelope.content
        assert isinstance(content, bytes)
        letter = BytesParser(policy=default).parsebytes(content)
        assert isinstance(letter, EmailMessage)
        self.letters.append(letter)
        self.envelopes.append(envelope)
        return "250 taken"

    async def _said(self, command: str, server: SMTP) -> str:
        answer = self.answers.get(command, "")
        if answer == "hang":
            await asyncio.sleep(3600)
        if answer == "drop":
            assert server.transport is not None
            server.transport.close()
        return answer

    def _authenticated(
        self, server: SMTP, session: Session, envelope: Envelope, mechanism: str, data: Any
    ) -> AuthResult:
        assert isinstance(data, LoginPassword)
        self.logins.append((data.login.decode(), data.password.decode()))
        said = self.answers.get("AUTH")
        return AuthResult(success=not said, handled=False, message=said)


def text_of(letter: EmailMessage) -> str:
    return _part(letter, "plain")


def html_of(letter: EmailMessage) -> str:
    return _part(letter, "html")


def _part(letter: EmailMessage, kind: str) -> str:
    part = letter.get_body((kind,))
    assert part is not None
    text = part.get_content()
    assert isinstance(text, str)
    return text


def use(settings: Settings, url: str, sender: str = SENDER) -> None:
    """Have mail sent over this address, as the settings would have it."""
    settings.SMTP_URL, settings.MAIL_FROM, settings.DEFAULT_FROM_EMAIL = url, sender, sender
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    found = server(url)
    settings.EMAIL_HOST, settings.EMAIL_PORT = found.host, found.port
    settings.EMAIL_HOST_USER, settings.EMAIL_HOST_PASSWORD = found.user, found.password
    settings.EMAIL_USE_TLS, settings.EMAIL_USE_SSL = found.is_starttls, found.is_tls
    settings.EMAIL_TIMEOUT = 2


@pytest.fixture
def smtp_server(settings: Settings) -> Iterator[MailServer]:
    """A mail server that the settings name; each step of a talk with it may take two seconds."""
    mails = MailServer()
    mails.open()
    use(settings, f"smtp://{HOST}:{mails.port}")
    yield mails
    mails.close()
