"""A configuration shown to whoever holds its link: a page with picture and price, and the picture alone."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass
from typing import Annotated

from litestar import Request, Response, get
from litestar.datastructures import State
from litestar.params import Parameter

from channels import security
from channels.pages import ENVIRONMENT, Wished, address_of, html_of, language_for, nested
from channels.pictures import without_fonts
from channels.refusals import NoSuchPicture
from channels.shelf import money
from channels.shopfront import Shopfront
from crm_store.configurations import basket_of
from crm_store.keys import read_or_make_key
from crm_store.models import ConfigurationRow
from crm_store.store import Store
from one_to_one.drawing import picture
from one_to_one.language import Language
from one_to_one.made_pictures import SHARED, name_of, token_in
from one_to_one.making import Thing, thing_of
from one_to_one.sealing import opened
from one_to_one.shop import ShopPack

FRESH = "public, max-age=86400"
"""A picture never changes; but what was erased shall be gone tomorrow."""

type Asked = Request[None, None, State]
Token = Annotated[str, Parameter(max_length=40)]
PictureName = Annotated[str, Parameter(max_length=60)]


@dataclass(frozen=True, slots=True)
class Card:
    """What the page tells of a configuration, in one language."""

    name: str
    note: str
    image: str | None  # an address of ours
    price: str
    groups: tuple[
        tuple[str, tuple[tuple[str, str], ...]], ...
    ]  # heading, or ""; modules with what was chosen


@get("/made/{token:str}", include_in_schema=False)
async def made_page(shopfront: Shopfront, request: Asked, token: Token, wished: Wished = "") -> Response[str]:
    """The page behind a shared link; 404 for a link that isn't ours or shows nothing any more."""
    language = language_for(request, wished)
    row = await _shown(shopfront.store, _key(shopfront), token)
    cards = [] if row is None else list(_cards(shopfront.pack, row, token, language))
    html = ENVIRONMENT.get_template("made.html").render(
        language=language,
        words=nested(shopfront.texts, language, "sharing"),
        shop=shopfront.pack.shop,
        cards=cards,
        gone=row is not None,
        token=token,
        origin=shopfront.settings.origin,
        asset=address_of,
    )
    policy = security.page("'none'")
    return html_of(html, policy, vary=True, status=200 if cards else 404)


@get("/api/pictures/made/{name:str}", include_in_schema=False)
async def made_picture(shopfront: Shopfront, name: PictureName) -> Response[bytes]:
    """The picture of a configuration as SVG: `TOKEN.LANGUAGE.svg`."""
    drawn = await _drawn(shopfront.store, shopfront.pack, _key(shopfront), f"made/{name}", words=True)
    if drawn is None:
        raise NoSuchPicture()
    headers = {"Content-Security-Policy": security.PICTURE, "Cache-Control": FRESH, "X-Robots-Tag": "noindex"}
    return Response(drawn.encode(), media_type="image/svg+xml", headers=headers)


def painter(store: Store, pack: Callable[[], ShopPack], key: str) -> Callable[[str], Awaitable[bytes | None]]:
    """Makes PNG of such pictures, for channels that take no SVG; None: there is no such picture."""

    async def paint(image: str) -> bytes | None:
        drawn = await _drawn(store, pack(), key, image, words=False)
        return None if drawn is None else await asyncio.to_thread(without_fonts, drawn.encode())

    return paint


async def _drawn(store: Store, pack: ShopPack, key: str, image: str, *, words: bool) -> str | None:
    found = token_in(image)
    row = None if found is None else await _shown(store, key, found[0])
    product = None if row is None else pack.products.get(row.product)
    if found is None or row is None or product is None:
        return None
    return picture(pack, product, row.options, found[1], words=words)


async def _shown(store: Store, key: str, token: str) -> ConfigurationRow | None:
    number = opened(key, SHARED, token)
    if number is None:
        return None
    async with store.reading() as books:
        return await books.configurations.shared(number)


def _key(shopfront: Shopfront) -> str:
    return read_or_make_key(shopfront.settings.keys, "signing")


def _cards(pack: ShopPack, row: ConfigurationRow, token: str, language: Language) -> Iterator[Card]:
    """A card for each thing that can be made now: the one it is about first, then what lies beside it."""
    basket = basket_of(row)
    for made in (basket.in_hand, *basket.beside):
        thing = thing_of(pack, made.product, made.options)
        if thing is not None:
            yield _card(pack, thing, token if made is basket.in_hand else "", language)


def _card(pack: ShopPack, thing: Thing, token: str, language: Language) -> Card:
    """One thing; its picture is drawn where it has a `token` of its own."""
    product = thing.product
    own = f"/shop/images/{product.image.removeprefix('images/')}" if product.image else None
    drawn = f"/api/pictures/{name_of(token, language)}" if pack.drawing and token else None
    return Card(
        name=product.name[language],
        note=product.note[language],
        image=drawn or own,
        price=money(thing.price, pack.shop.currency, language),
        groups=tuple(thing.groups(language)),
    )
