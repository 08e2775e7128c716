"""A configuration behind a link: its page, its picture, and what a forged link finds."""

from __future__ import annotations

from collections.abc import AsyncIterator
from decimal import Decimal
from pathlib import Path

import httpx
import pytest
from markupsafe import escape

from channels.sharing import painter
from channels.shopfront import Shopfront
from crm_store.erasing import erase
from crm_store.keys import read_or_make_key
from one_to_one.basket import Configured
from one_to_one.language import Language
from one_to_one.made_pictures import SHARED, name_of
from one_to_one.pack import read_pack
from one_to_one.sealing import opened, seal
from settings import ROOT
from tests.unit.serving import asked
from tests.unit.shopfronts import Front

COFFEE = read_pack(ROOT / "data" / "shops" / "coffee")
CHOSEN = {"bag_size": "500", "grind": "fine", "packaging": "gift"}


@pytest.fixture
def front(tmp_path: Path) -> Shopfront:
    """A shopfront of the coffee shop."""
    return Front(tmp_path, pack=COFFEE).shopfront


@pytest.fixture
async def client(front: Shopfront) -> AsyncIterator[httpx.AsyncClient]:
    """Somebody with a browser."""
    async with asked(front) as asking:
        yield asking


async def shared(front: Shopfront, product: str = "hambela_washed") -> str:
    """The token of something that was made up for a customer."""
    async with front.store.transaction() as books:
        customer = await books.customers.create("en", front.clock())
        made = Configured(product, CHOSEN, Decimal(2))
        number = (await books.configurations.add(customer.id, made, front.clock())).id
    return seal(key_of(front), SHARED, number)


def key_of(front: Shopfront) -> str:
    return read_or_make_key(front.settings.keys, "signing")


@pytest.mark.parametrize("language", list(Language))
async def test_the_page_tells_name_price_and_choices_in_each_language(
    front: Shopfront, client: httpx.AsyncClient, language: Language
) -> None:
    found = await client.get(f"/made/{await shared(front)}", params={"lang": language})
    assert found.status_code == 200
    product = COFFEE.products["hambela_washed"]
    for told in (product.name[language], COFFEE.modules["packaging"].options["gift"].label[language]):
        assert told in found.text
    assert "1,760" in found.text  # 880 × 1.9 + 80 is 1,752, by the shop's step
    assert f'lang="{language}"' in found.text
    assert escape(COFFEE.shop.delivery[language]) in found.text  # the price is without it


async def test_nothing_of_the_customer_is_on_the_page(front: Shopfront, client: httpx.AsyncClient) -> None:
    token = await shared(front)
    async with front.store.reading() as books:
        row = await books.configurations.shared(opened(key_of(front), SHARED, token) or 0)
    assert row is not None
    assert row.customer_id not in (await client.get(f"/made/{token}")).text


@pytest.mark.parametrize(
    "spoil", [lambda t: "A" * len(t), lambda t: t[:-2] + "xy", lambda t: t[:9], lambda t: t + "A"]
)
async def test_a_forged_link_finds_nothing(
    front: Shopfront, client: httpx.AsyncClient, spoil: object
) -> None:
    assert callable(spoil)
    token = spoil(await shared(front))
    page, drawn = (
        await client.get(f"/made/{token}"),
        await client.get(f"/api/pictures/{name_of(token, Language.ENGLISH)}"),
    )
    assert (page.status_code, drawn.status_code) == (404, 404)
    assert "html" in page.headers["content-type"]


async def test_a_token_made_for_something_else_finds_nothing(
    front: Shopfront, client: httpx.AsyncClient
) -> None:
    await shared(front)
    assert (await client.get(f"/made/{seal(key_of(front), 'something else', 1)}")).status_code == 404


async def test_the_picture_shows_what_was_chosen(front: Shopfront, client: httpx.AsyncClient) -> None:
    drawn = await client.get(f"/api/pictures/{name_of(await shared(front), Language.ENGLISH)}")
    assert drawn.headers["content-type"].startswith("image/svg+xml")
    assert "script-src" not in drawn.headers["content-security-policy"]
    for module, code in CHOSEN.items():
        label = COFFEE.modules[module].options[code].label[Language.ENGLISH]
        assert label in drawn.text or module == "packaging"


async def test_telegram_gets_it_as_png(front: Shopfront) -> None:
    paint = painter(front.store, lambda: COFFEE, key_of(front))
    painted = await paint(name_of(await shared(front), Language.TRADITIONAL))
    assert painted is not None
    assert painted.startswith(b"\x89PNG")
    assert await paint("made/forged.en.svg") is None


async def test_once_the_customer_is_erased_the_link_opens_nothing(
    front: Shopfront, client: httpx.AsyncClient
) -> None:
    token = await shared(front)
    async with front.store.transaction() as books:
        row = await books.configurations.shared(opened(key_of(front), SHARED, token) or 0)
        assert row is not None
        await erase(books, row.customer_id, front.clock())
    assert (await client.get(f"/made/{token}")).status_code == 404


async def test_a_product_that_is_gone_says_so(front: Shopfront, client: httpx.AsyncClient) -> None:
    found = await client.get(f"/made/{await shared(front, 'long_gone')}", params={"lang": "en"})
    assert found.status_code == 404
    assert "sold out" in found.text


async def test_what_was_shared_can_be_said_by_whoever_holds_the_link(
    front: Shopfront, client: httpx.AsyncClient
) -> None:
    token = await shared(front)
    session = (await client.post("/api/chat/sessions", json={"language": "en"})).json()
    proof = {"Authorization": f"Bearer {session['token']}"}
    said = await client.post("/api/chat/messages", json={"payload": f"made:{token}"}, headers=proof)
    assert said.status_code == 200
    forged = await client.post("/api/chat/messages", json={"payload": f"made:{token[:-3]}abc"}, headers=proof)
    assert forged.status_code == 400
