"""A customer's own copy of what is kept about them: a page to read and a JSON file for programs."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

from litestar import Response, get
from litestar.params import Parameter

from channels import security
from channels.refusals import NoSuchCopy
from channels.shopfront import Shopfront
from crm_store.books import Books
from crm_store.export_links import customer_of_link
from crm_store.export_page import export_html
from crm_store.exporting import export
from one_to_one.language import Language
from one_to_one.shop import ShopPack
from one_to_one.texts import Texts

KINDS = {"html": "text/html; charset=utf-8", "json": "application/json"}
NAME = "dripwise-data"

Token = Annotated[str, Parameter(max_length=60)]


@dataclass(frozen=True, slots=True)
class Copy:
    """One file of it."""

    name: str
    media_type: str
    content: bytes


async def copies_of(
    books: Books, customer: str, texts: Texts, pack: ShopPack, at: datetime
) -> dict[str, Copy]:
    """Everything that is kept about a customer, by kind of file."""
    held = await export(books, customer)
    page = export_html(held, texts, pack, Language(held["language"]), at)
    written = json.dumps(held, ensure_ascii=False, indent=2)
    return {
        "html": Copy(f"{NAME}.html", KINDS["html"], page.encode()),
        "json": Copy(f"{NAME}.json", KINDS["json"], written.encode()),
    }


@get("/export/{token:str}", include_in_schema=False)
async def copy(shopfront: Shopfront, token: Token) -> Response[bytes]:
    """The file behind a link from the chat: `TOKEN.html` or `TOKEN.json`, for a quarter of an hour."""
    secret, _, kind = token.rpartition(".")
    if kind not in KINDS:
        raise NoSuchCopy()
    async with shopfront.store.reading() as books:
        customer = await customer_of_link(books, secret, shopfront.clock())
        if customer is None:
            raise NoSuchCopy()
        front = shopfront
        made = (await copies_of(books, customer, front.texts, front.pack, front.clock()))[kind]
    headers = {
        "Content-Security-Policy": security.COPY,
        "Content-Disposition": f'attachment; filename="{made.name}"',
        "Referrer-Policy": "no-referrer",
        "X-Robots-Tag": "noindex",
    }
    return Response(made.content, media_type=made.media_type, headers=headers)
