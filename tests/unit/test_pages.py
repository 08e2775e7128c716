"""The pages: the demo shop, the widget, its files, and the pictures of the pack."""

from __future__ import annotations

import gzip
from collections.abc import AsyncIterator
from pathlib import Path
from types import SimpleNamespace

import httpx
import pytest
from markupsafe import escape

from channels.web import make_app
from one_to_one.errors import BadLink
from one_to_one.language import Language
from one_to_one.pack import read_pack
from settings import ROOT
from tests.unit.serving import asked
from tests.unit.shopfronts import TEXTS, Front

COFFEE = ROOT / "data" / "shops" / "coffee"


@pytest.fixture
async def front(tmp_path: Path) -> AsyncIterator[Front]:
    made = Front(tmp_path, pack=read_pack(COFFEE))
    yield made
    await made.store.close()


@pytest.fixture
async def client(front: Front) -> AsyncIterator[httpx.AsyncClient]:
    async with asked(front.shopfront) as one:
        yield one


@pytest.mark.parametrize("language", Language)
async def test_the_demo_page_shows_the_pack_in_each_language(
    client: httpx.AsyncClient, front: Front, language: Language
) -> None:
    page = (await client.get("/", params={"lang": language})).text
    pack = front.shopfront.pack
    assert f'<html lang="{language}">' in page
    assert pack.shop.name[language] in page
    for product in pack.products.values():
        assert (escape(product.name[language]) in page) == (product.stock > 0)
    assert "NT$880" in page
    assert '<script src="/widget.js" async></script>' in page


@pytest.mark.parametrize(
    ("header", "language"), [("zh-CN", "zh-Hans"), ("zh-HK", "zh-Hant"), ("en-US,en;q=0.5", "en")]
)
async def test_the_demo_page_greets_in_the_browsers_language(
    client: httpx.AsyncClient, header: str, language: str
) -> None:
    page = await client.get("/", headers={"Accept-Language": header})
    assert f'<html lang="{language}">' in page.text
    assert page.headers["Vary"] == "Accept-Language"


async def test_only_the_widget_may_be_framed_by_other_sites(client: httpx.AsyncClient) -> None:
    for path, ancestors in (("/", "'none'"), ("/widget", "*"), ("/health", "'none'")):
        policy = (await client.get(path)).headers["Content-Security-Policy"]
        assert f"frame-ancestors {ancestors}" in policy
        scripts = [part for part in policy.split("; ") if part.startswith("script-src")]
        assert "unsafe" not in "".join(scripts)
        assert "default-src 'none'" in policy


async def test_the_widget_script_knows_its_words_in_every_language(client: httpx.AsyncClient) -> None:
    script = (await client.get("/widget.js")).text
    for language in Language:
        assert TEXTS.say(language, "widget.close") in script


@pytest.mark.parametrize("name", ["chat.js", "wire.js", "bubbles.js", "chat.css", "demo.css", "demo.js"])
async def test_files_are_compressed_and_not_sent_twice(client: httpx.AsyncClient, name: str) -> None:
    response = await client.get(f"/assets/{name}", headers={"Accept-Encoding": "gzip"})
    assert response.headers["Content-Encoding"] == "gzip"
    assert response.content == (ROOT / "channels" / "page" / name).read_bytes()
    again = await client.get(f"/assets/{name}", headers={"If-None-Match": response.headers["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    plain = await client.get(f"/assets/{name}", headers={"Accept-Encoding": "identity"})
    assert "Content-Encoding" not in plain.headers
    assert len(gzip.compress(plain.content)) < len(plain.content)


async def test_a_picture_of_the_pack_is_served_and_can_do_nothing(client: httpx.AsyncClient) -> None:
    response = await client.get("/shop/images/hambela_washed.svg")
    assert (response.status_code, response.headers["Content-Type"]) == (200, "image/svg+xml")
    assert "sandbox" in response.headers["Content-Security-Policy"]


@pytest.mark.parametrize(
    "name",
    [
        "nothing.svg",
        "..%2fshop.yml",
        "%2e%2e%2fshop.yml",
        "..%5cshop.yml",
        "hambela_washed.svg%00",
        ".",
        "..%2f",
    ],
)
async def test_nothing_but_pictures_is_served(client: httpx.AsyncClient, name: str) -> None:
    response = await client.get(f"/shop/images/{name}")
    assert (response.status_code, list(response.json())) == (404, ["detail"])


@pytest.mark.parametrize("name", ["nothing.js", "..%2fweb.py", "widget.html"])
async def test_nothing_but_the_widgets_files_is_an_asset(client: httpx.AsyncClient, name: str) -> None:
    assert (await client.get(f"/assets/{name}")).status_code == 404


async def test_without_telegram_there_is_no_link(client: httpx.AsyncClient) -> None:
    session = (await client.post("/api/chat/sessions", json={})).json()
    who = {"Authorization": f"Bearer {session['token']}"}
    assert (await client.post("/api/chat/links", headers=who)).status_code == 404
    assert (await client.post("/api/chat/links")).status_code == 401


async def test_trouble_with_telegram_is_told_and_does_not_count(front: Front) -> None:
    app = make_app(front.shopfront)
    app.state.telegram = SimpleNamespace(username=None, trouble="the token was refused")
    transport = httpx.ASGITransport(app=app)  # type: ignore[arg-type]
    async with httpx.AsyncClient(transport=transport, base_url="http://shop.test") as client:
        response = await client.get("/health")
    assert (response.status_code, response.json()) == (
        200,
        {"ready": True, "telegram": "the token was refused"},
    )


async def test_a_link_to_telegram_is_good_once_and_fits_telegrams_rules(front: Front) -> None:
    app = make_app(front.shopfront)
    app.state.telegram = SimpleNamespace(username="shop_bot")
    transport = httpx.ASGITransport(app=app)  # type: ignore[arg-type]
    async with httpx.AsyncClient(transport=transport, base_url="http://shop.test") as client:
        session = (await client.post("/api/chat/sessions", json={})).json()
        who = {"Authorization": f"Bearer {session['token']}"}
        response = await client.post("/api/chat/links", headers=who)
    assert response.status_code == 201
    address, _, token = response.json()["url"].partition("?start=")
    assert address == "https://t.me/shop_bot"
    assert len(token) <= 64
    assert token.replace("-", "").replace("_", "").isalnum()
    async with front.store.transaction() as books:
        assert (await books.customers.use_link(token, front.clock())).id == session["customer"]
    with pytest.raises(BadLink):
        async with front.store.transaction() as books:
            await books.customers.use_link(token, front.clock())
