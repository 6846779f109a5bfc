"""Mail over a real server: what arrives, and what is said of a mail that does not."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from datetime import UTC
from email.utils import parsedate_to_datetime
from pathlib import Path

import pytest
from django.utils import timezone
from pytest_django import Settings

from sessions_admin.alerting.mail import NotSent, send_mail
from tests.certificates import issued, trusted
from tests.mail_server import HOST, SENDER, MailServer, html_of, smtp_server, text_of, use

__all__ = ["smtp_server"]
SUBJECT, TEXT = "成功率低于 90 %", "过去 24 小时内:\n10 个会话中有 7 个成功。"


def failed(address: str = "eve@example.com") -> tuple[bool, str]:
    with pytest.raises(NotSent) as told:
        send_mail(address, SUBJECT, TEXT)
    return told.value.is_permanent, told.value.why


def test_a_mail_arrives_as_it_was_written(smtp_server: MailServer) -> None:
    send_mail("eve@example.com", SUBJECT, TEXT, html="<p>成功率</p>")
    (letter,) = smtp_server.letters
    assert (letter["Subject"], letter["From"], letter["To"]) == (SUBJECT, SENDER, "eve@example.com")
    assert text_of(letter).splitlines() == TEXT.splitlines()
    assert html_of(letter).strip() == "<p>成功率</p>"
    assert smtp_server.envelopes[0].rcpt_tos == ["eve@example.com"]
    content = smtp_server.envelopes[0].content
    assert isinstance(content, bytes)
    assert content.isascii(), "a server that takes seven bits only must do"


def test_its_headers_say_what_it_is(smtp_server: MailServer) -> None:
    send_mail("eve@example.com", SUBJECT, TEXT)
    (letter,) = smtp_server.letters
    assert letter["Auto-Submitted"] == "auto-generated"
    assert letter["List-Id"] == "<session-diagnostics.example.com>"
    assert letter["Message-ID"].endswith("@example.com>")
    sent_at = parsedate_to_datetime(letter["Date"]).replace(tzinfo=UTC)  # "-0000": UTC
    assert abs((sent_at - timezone.now()).total_seconds()) < 60
    assert not letter.is_multipart()


def test_the_same_key_is_the_same_message(smtp_server: MailServer) -> None:
    for key in ("a", "a", "b", "", ""):
        send_mail("eve@example.com", SUBJECT, TEXT, key=key)
    ids = [letter["Message-ID"] for letter in smtp_server.letters]
    assert ids[0] == ids[1]
    assert len(set(ids)) == 4


def test_no_line_of_a_subject_becomes_a_header(smtp_server: MailServer) -> None:
    send_mail("eve@example.com", "failed\r\nBcc: all@example.com\n\n\x00text " + "长" * 900, TEXT)
    (letter,) = smtp_server.letters
    assert letter["Subject"].strip().startswith("failed Bcc: all@example.com text 长")
    assert letter["Bcc"] is None
    assert smtp_server.envelopes[0].rcpt_tos == ["eve@example.com"]


@pytest.mark.parametrize("address", ["", "eve", "a@example.com\nBcc: b@example.com", "a@example.com, b@example.com"])
def test_what_is_no_address_is_not_asked_of_the_server(address: str, smtp_server: MailServer) -> None:
    is_permanent, why = failed(address)
    assert is_permanent
    assert "is no mail address" in why
    assert smtp_server.tried == 0


def test_without_a_server_nothing_is_sent(settings: Settings) -> None:
    settings.SMTP_URL = ""
    assert failed() == (True, "no mail server is set (SMTP_URL)")


@pytest.mark.parametrize("command", ["MAIL", "RCPT", "DATA"])
@pytest.mark.parametrize(
    ("reply", "is_permanent"),
    [("450 come later", False), ("421 too busy", False), ("550 nobody here", True), ("554 not from you", True)],
)
def test_five_hundreds_are_for_good_and_four_hundreds_for_now(
    command: str, reply: str, is_permanent: bool, smtp_server: MailServer
) -> None:
    smtp_server.answers[command] = reply
    assert failed() == (is_permanent, f"SMTP {reply[:3]}: {reply[4:]}")
    assert smtp_server.letters == []


@pytest.mark.parametrize(("reply", "is_permanent"), [("535 not you", True), ("454 the directory is away", False)])
def test_a_refused_login_is_for_good(
    reply: str, is_permanent: bool, smtp_server: MailServer, settings: Settings
) -> None:
    use(settings, f"smtp://robot:geheim@{HOST}:{smtp_server.port}")
    smtp_server.answers["AUTH"] = reply
    found, why = failed()
    assert (found, "geheim" in why) == (is_permanent, False)
    assert why.startswith(f"SMTP {reply[:3]}: ")
    smtp_server.answers.clear()
    send_mail("eve@example.com", SUBJECT, TEXT)
    assert ("robot", "geheim") in smtp_server.logins


@pytest.mark.parametrize("command", ["EHLO", "RCPT", "DATA"])
def test_a_server_that_hangs_is_left_in_time(command: str, smtp_server: MailServer, settings: Settings) -> None:
    settings.EMAIL_TIMEOUT = 0.3
    smtp_server.answers[command] = "hang"
    assert failed() == (False, "the mail server did not answer in time")


@pytest.mark.parametrize("command", ["MAIL", "DATA"])
def test_a_server_that_drops_is_tried_again(command: str, smtp_server: MailServer) -> None:
    smtp_server.answers[command] = "drop"
    assert failed() == (False, "the mail server closed the connection")


def test_one_that_is_away_and_comes_back(smtp_server: MailServer) -> None:
    smtp_server.close()
    assert failed() == (False, "the mail server refused the connection")
    smtp_server.open()
    send_mail("eve@example.com", SUBJECT, TEXT)
    assert len(smtp_server.letters) == 1


def test_one_that_takes_the_call_and_says_nothing(settings: Settings) -> None:
    with socket.create_server((HOST, 0)) as silent:
        use(settings, f"smtp://{HOST}:{silent.getsockname()[1]}")
        settings.EMAIL_TIMEOUT = 0.3
        assert failed() == (False, "the mail server did not answer in time")


def test_a_name_that_no_resolver_knows_is_tried_again(settings: Settings) -> None:
    use(settings, "smtp://mail.invalid:25")
    is_permanent, why = failed()
    assert not is_permanent
    assert why.startswith("the mail server could not be used: ")


@pytest.fixture(params=["smtps", "smtp+starttls"])
def secured(
    request: pytest.FixtureRequest, tmp_path: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> Iterator[tuple[str, MailServer]]:
    """A server whose certificate is for localhost, spoken to by either way of TLS."""
    with trusted(tmp_path, monkeypatch) as authority:
        context = issued(authority, "localhost")
        mails = MailServer(**{"smtps": {"tls": context}, "smtp+starttls": {"starttls": context}}[request.param])
        mails.open()
        yield request.param, mails
        mails.close()


def test_mail_goes_encrypted(secured: tuple[str, MailServer], settings: Settings) -> None:
    scheme, mails = secured
    use(settings, f"{scheme}://robot:secret@localhost:{mails.port}")
    send_mail("eve@example.com", SUBJECT, TEXT)
    assert (len(mails.letters), mails.logins) == (1, [("robot", "secret")])


def test_a_certificate_for_another_name_is_not_believed(secured: tuple[str, MailServer], settings: Settings) -> None:
    scheme, mails = secured
    use(settings, f"{scheme}://robot:secret@{HOST}:{mails.port}")
    is_permanent, why = failed()
    assert not is_permanent, "it may be renewed at any time"
    assert "certificate verify failed" in why
    assert mails.logins == []


def test_a_server_without_starttls_gets_no_password(smtp_server: MailServer, settings: Settings) -> None:
    use(settings, f"smtp+starttls://robot:secret@{HOST}:{smtp_server.port}")
    is_permanent, why = failed()
    assert is_permanent
    assert "STARTTLS" in why
    assert smtp_server.logins == []
