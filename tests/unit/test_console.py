"""The staff console: who may enter, what others don't get to see, and that nothing can be forged."""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path

import httpx
import pyotp
import pytest

from one_to_one.language import Language
from one_to_one.roles import Role
from staff.credentials import STEP_SECONDS, hash_password, password_fits, step_of_code
from staff.who import COOKIE
from tests.unit.colleagues import PASSWORD, accept, enter, form_token, invite, settled
from tests.unit.serving import asked
from tests.unit.shopfronts import Front


async def test_a_colleague_accepts_the_invitation_and_enters(
    front: Front, browser: httpx.AsyncClient
) -> None:
    accepted = await accept(front, browser, await invite(front))
    assert (accepted.status_code, accepted.headers["Location"]) == (303, "/staff/login")
    front.clock.turn(seconds=STEP_SECONDS * 2)
    entered = await enter(front, browser)
    assert (entered.status_code, entered.headers["Location"]) == (303, "/staff")
    page = await browser.get("/staff/")
    assert page.status_code == 200
    assert "Mei" in page.text


async def test_an_invitation_is_good_once_and_for_three_days(
    front: Front, browser: httpx.AsyncClient
) -> None:
    token = await invite(front)
    await accept(front, browser, token)
    assert (await browser.get(f"/staff/welcome/{token}")).status_code == 404
    late = await invite(front, "Bo")
    front.clock.turn(hours=72)
    assert (await browser.get(f"/staff/welcome/{late}")).status_code == 404
    assert (await browser.get("/staff/welcome/anything")).status_code == 404


async def test_a_new_invitation_ends_the_one_before(front: Front, browser: httpx.AsyncClient) -> None:
    first, second = await invite(front), await invite(front)
    assert (await browser.get(f"/staff/welcome/{first}")).status_code == 404
    assert (await browser.get(f"/staff/welcome/{second}")).status_code == 200


@pytest.mark.parametrize(
    "changed",
    [{"password": "short", "again": "short"}, {"again": "something else"}, {"code": "000000"}],
    ids=["short", "differs", "wrong code"],
)
async def test_a_bad_acceptance_says_why_and_uses_nothing_up(
    front: Front, browser: httpx.AsyncClient, changed: dict[str, str]
) -> None:
    token = await invite(front)
    refused = await accept(front, browser, token, **changed)
    assert refused.status_code == 400
    assert 'role="alert"' in refused.text
    assert (await accept(front, browser, token)).status_code == 303


@pytest.mark.parametrize(
    "changed",
    [{"name": "Nobody"}, {"password": "the kettle sings at ten"}, {"code": "123456"}, {"code": "abc"}],
    ids=["name", "password", "code", "no digits"],
)
async def test_whatever_is_wrong_the_answer_is_the_same(
    front: Front, browser: httpx.AsyncClient, changed: dict[str, str]
) -> None:
    await accept(front, browser, await invite(front))
    front.clock.turn(seconds=STEP_SECONDS * 2)
    refused = await enter(front, browser, **changed)
    assert refused.status_code == 403
    assert "Check the name, the password and the code" in refused.text
    assert COOKIE not in refused.cookies


async def test_a_code_is_good_once(front: Front, browser: httpx.AsyncClient) -> None:
    await settled(front, browser)
    assert (await enter(front, browser)).status_code == 403
    front.clock.turn(seconds=STEP_SECONDS * 2)
    assert (await enter(front, browser)).status_code == 303


async def test_wrong_tries_make_one_wait_longer_and_longer(front: Front, browser: httpx.AsyncClient) -> None:
    await accept(front, browser, await invite(front))
    for _ in range(6):
        front.clock.turn(seconds=STEP_SECONDS * 2)
        await enter(front, browser, password="wrong wrong wrong")
    assert (await enter(front, browser)).status_code == 403
    front.clock.turn(seconds=STEP_SECONDS * 4)
    assert (await enter(front, browser)).status_code == 303


async def test_an_account_that_has_to_wait_is_told_from_none_by_nobody(
    front: Front, browser: httpx.AsyncClient
) -> None:
    await accept(front, browser, await invite(front))
    answers = set()
    for name in ["Mei"] * 8 + ["Bob"] * 8:
        refused = await enter(front, browser, **{"name": name, "password": "wrong wrong wrong"})
        alert = re.search(r'role="alert".*?</p>', refused.text, re.DOTALL)
        assert alert is not None
        answers.add((refused.status_code, alert[0]))
    assert len(answers) == 1


async def test_one_address_may_not_try_without_end(front: Front, browser: httpx.AsyncClient) -> None:
    answers = [(await enter(front, browser, name=f"guess {n}")).status_code for n in range(21)]
    assert answers[:20] == [403] * 20
    assert answers[20] == 429


async def test_a_session_ends_when_idle_and_after_a_day_of_work(
    front: Front, browser: httpx.AsyncClient
) -> None:
    await settled(front, browser)
    front.clock.turn(hours=1.9)
    assert (await browser.get("/staff/")).status_code == 200
    front.clock.turn(hours=1.9)
    assert (await browser.get("/staff/")).status_code == 200
    front.clock.turn(hours=2)
    assert (await browser.get("/staff/")).status_code == 303
    await enter(front, browser)
    for _ in range(7):
        front.clock.turn(hours=1.8)
        answer = await browser.get("/staff/")
    assert answer.status_code == 303


async def test_leaving_ends_the_session_itself(front: Front, browser: httpx.AsyncClient) -> None:
    await settled(front, browser)
    kept = browser.cookies[COOKIE]
    left = await browser.post("/staff/logout", data={"_csrf_token": await form_token(browser, "/staff/")})
    assert left.status_code == 303
    browser.cookies.set(COOKIE, kept, path="/staff")
    assert (await browser.get("/staff/")).status_code == 303


async def test_a_form_from_elsewhere_does_nothing(front: Front, browser: httpx.AsyncClient) -> None:
    await settled(front, browser)
    token = await form_token(browser, "/staff/")
    for data, headers in (
        ({"_csrf_token": token}, {"Sec-Fetch-Site": "cross-site"}),
        ({"_csrf_token": "forged"}, {}),
        ({}, {}),
    ):
        assert (await browser.post("/staff/logout", data=data, headers=headers)).status_code == 403
    assert (await browser.get("/staff/")).status_code == 200


async def test_cookies_are_kept_from_scripts_and_other_sites(
    front: Front, browser: httpx.AsyncClient
) -> None:
    await accept(front, browser, await invite(front))
    front.clock.turn(seconds=STEP_SECONDS * 2)
    cookie = (await enter(front, browser)).headers["Set-Cookie"].lower()
    assert all(part in cookie for part in ("httponly", "samesite=strict", "path=/staff"))


async def test_over_https_cookies_are_secure(tmp_path: Path) -> None:
    front = Front(tmp_path, public_url="https://shop.example")
    async with asked(front.shopfront) as browser:
        assert "secure" in (await browser.get("/staff/login")).headers["Set-Cookie"].lower()
    await front.store.close()


async def test_pages_run_nothing_and_are_never_kept(front: Front, browser: httpx.AsyncClient) -> None:
    answer = await browser.get("/staff/login")
    policy = answer.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert "frame-ancestors 'none'" in policy
    assert answer.headers["Cache-Control"] == "no-store"


async def test_hostile_words_are_shown_as_words(front: Front, browser: httpx.AsyncClient) -> None:
    await settled(front, browser)
    words = "<script>alert(1)</script>\u202e<img src=x onerror=alert(1)>"
    async with front.store.transaction() as books:
        customer = await books.customers.create("en", front.clock())
        await books.complaints.add(customer.id, None, words, front.clock())
    page = (await browser.get("/staff/")).text
    assert "&lt;script&gt;" in page
    assert "<img src=x" not in page
    assert customer.id in page


async def test_who_waits_and_what_is_owed_is_on_the_first_page(
    front: Front, browser: httpx.AsyncClient
) -> None:
    await settled(front, browser)
    now = front.clock()
    async with front.store.transaction() as books:
        customer = await books.customers.create("zh-Hant", now)
        await books.floor.ask(customer, None, now - timedelta(minutes=20))
        await books.promises.add(customer.id, None, "call back", "staff", now, now - timedelta(hours=1))
    page = (await browser.get("/staff/")).text
    assert page.count(customer.id) == 2
    assert "20 min" in page
    assert "call back" in page
    assert "late" in page


async def test_entering_and_failing_to_are_in_the_audit(front: Front, browser: httpx.AsyncClient) -> None:
    await settled(front, browser, Role.OWNER)
    await enter(front, browser, password="wrong wrong wrong")
    page = (await browser.get("/staff/audit")).text
    for act in ("invited a colleague", "accepted the invitation", "entered", "could not enter"):
        assert act in page
    assert PASSWORD not in page


@pytest.mark.parametrize("language", Language)
async def test_the_console_talks_three_languages(browser: httpx.AsyncClient, language: Language) -> None:
    await browser.get(f"/staff/language/{language}")
    assert f'<html lang="{language}">' in (await browser.get("/staff/login")).text


def test_a_password_that_is_not_there_never_fits() -> None:
    assert password_fits(hash_password(PASSWORD), PASSWORD)
    assert not password_fits(hash_password(PASSWORD), PASSWORD + "!")
    assert not password_fits(None, PASSWORD)
    assert not password_fits(None, "nobody's")
    assert not password_fits("no hash at all", PASSWORD)


def test_codes_are_taken_a_step_early_and_a_step_late_and_no_further(front: Front) -> None:
    secret, now = pyotp.random_base32(), front.clock()
    code = pyotp.TOTP(secret).at(int(now.timestamp()))
    step = int(now.timestamp()) // STEP_SECONDS
    for late in (-1, 0, 1):
        assert step_of_code(secret, code, now + timedelta(seconds=late * STEP_SECONDS), None) == step
    assert step_of_code(secret, code, now + timedelta(seconds=2 * STEP_SECONDS), None) is None
    assert step_of_code(secret, f"{code[:3]} {code[3:]}", now, None) == step
    assert step_of_code(secret, code, now, step) is None
