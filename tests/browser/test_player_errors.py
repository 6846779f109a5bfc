"""Player errors in a browser: pasted, read, weighed for the session it is about; silent console, nothing for axe to find."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect
from pytest_django import Settings

from tests.browser.conftest import Open
from tests.browser.well import in_every_dress, is_well
from tests.diagnostics.rows import complete_pass, failed_session
from tests.diagnostics.test_session_page import NAME, insert_completed, write_whole_file
from tests.host_database import HostDatabase

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

ADDRESS = f"/static/generated_music/long_sequences/{NAME}"
CONSOLE = f"GET http://192.168.124.3:5000/api{ADDRESS} 404 (NOT FOUND)"
IOS = '{errMsg: "INNERERRCODE:-1100, ERRMSG:在此服务器上找不到所请求的URL。", errCode: 10001}'
LOG = f"📊 状态数据详情:\n- 状态: completed\n- 文件路径: {ADDRESS}\n- 文件大小: 5\n- 会话ID: 7\n{IOS}\n"
CONFIRMED = {"en": "confirmed", "zh-hans": "已确认"}


@pytest.fixture(autouse=True)
def session(host_database: HostDatabase, settings: Settings) -> None:
    """Session 7, completed, its file whole, served at a known address."""
    settings.PUBLIC_BASE_URL = "http://127.0.0.1:1"
    write_whole_file(settings)
    insert_completed(host_database, final_file_size=480_044)
    complete_pass()


@in_every_dress
def test_it_is_pasted_read_and_weighed_for_its_session(visit: Open, width: int, language: str) -> None:
    window = visit("sam", width=width, language=language)
    page = window.open("/player-errors/")
    is_well(page, width)
    page.locator("#pasted-text").fill(CONSOLE)
    page.locator("#pasted-text").press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator("#explained .meaning-code")).to_have_text("404")
    expect(page.locator("#pasted-text")).to_have_value(CONSOLE)
    expect(page.locator(".suspect a").first).to_have_attribute("href", "/sessions/?cause=delivery.wrong_url")
    is_well(page, width)
    page.locator("#open-session").click()
    expect(page.locator(".verdict-code")).to_have_text("delivery.wrong_url")
    expect(page.locator("#client-report .suspect-state").first).to_have_text(CONFIRMED[language])
    expect(page.locator("#pasted-text")).to_have_value(CONSOLE)
    is_well(page, width)
    assert window.complaints == []


def test_on_the_sessions_page_it_is_weighed_in_place_and_nothing_typed_is_lost(visit: Open) -> None:
    window = visit("sam")
    page = window.open("/sessions/7")
    expect(page.locator(".examined-now")).to_be_visible()
    page.locator("#pasted-text").fill(LOG)
    page.locator("#weigh").click()
    expect(page.locator("#client-report .meaning-code")).to_have_text("-1100")
    expect(page.locator("#client-report .statement-word.tone-warning")).to_have_text("differs from the row")
    expect(page.locator("#client-report")).to_be_focused()
    expect(page.locator("#pasted-text")).to_have_value(LOG)
    assert page.url.endswith("/sessions/7")
    page.get_by_role("link", name="Examine again").click()
    expect(page.locator("#client-report .meaning-code")).to_have_count(0)
    expect(page.locator("#pasted-text")).to_have_value(LOG)
    assert window.complaints == []


def test_what_is_typed_before_the_examination_arrives_stays(visit: Open, host_database: HostDatabase) -> None:
    host_database.insert_failed(8)
    failed_session("8")
    window = visit("sam")
    held = []
    window.page.route("**/examinations/**", lambda route: held.append(route))
    page = window.open("/sessions/8")
    page.locator("#pasted-text").fill("half a mess")
    held[0].continue_()
    expect(page.locator(".examined-now")).to_be_visible()
    expect(page.locator("#pasted-text")).to_have_value("half a mess")


def test_a_text_that_is_too_long_is_refused_in_its_place(visit: Open) -> None:
    window = visit("sam")
    page = window.open("/sessions/7")
    expect(page.locator(".examined-now")).to_be_visible()
    page.locator("#pasted-text").evaluate("(field) => { field.value = '错'.repeat(200001); }")
    page.locator("#weigh").click()
    expect(page.locator("#pasted-error")).to_contain_text("This is too long: 200,001 characters")
    expect(page.locator("#pasted-text")).to_be_focused()
    assert len(page.locator("#pasted-text").input_value()) == 200_001
    expect(page.locator(".verdict-sentence")).to_be_visible()
    is_well(page, 1440)


def test_it_works_without_javascript(visit: Open) -> None:
    window = visit("sam", scripted=False)
    page = window.open("/sessions/7?examine=1")
    page.locator("#pasted-text").fill(IOS)
    page.locator("#weigh").click()
    expect(page.locator("#client-report .meaning-code")).to_have_text("-1100")
    page.get_by_role("link", name="Examine again").click()
    expect(page.locator(".examined-now")).to_be_visible()
    assert page.url.endswith("/sessions/7?examine=1")
