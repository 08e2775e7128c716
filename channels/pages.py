"""The pages: the widget, the script that puts it on any page, and a shop page to see it on."""

from __future__ import annotations

import json
import re
from functools import cache
from pathlib import Path
from typing import Annotated

from jinja2 import Environment, FileSystemLoader, select_autoescape
from litestar import Request, Response, get
from litestar.datastructures import State
from litestar.params import Parameter

from channels import security
from channels.assets import DEEP_CHAT, PAGE
from channels.refusals import NoSuchPicture
from channels.shelf import shelf
from channels.shopfront import Shopfront
from channels.wire import MOST_CHARACTERS
from front.files import Asset, asset_of, sent
from one_to_one.choosing_language import language_of, preferred
from one_to_one.language import Language
from one_to_one.texts import Texts

PICTURES = {".svg": "image/svg+xml", ".png": "image/png", ".jpg": "image/jpeg", ".jpeg": "image/jpeg"}
FILE_NAME = re.compile(r"[\w-][\w.-]*")
PICTURES_FRESH = "public, max-age=3600"
ENVIRONMENT = Environment(
    loader=FileSystemLoader(PAGE),
    autoescape=select_autoescape(["html"]),
    trim_blocks=True,
    lstrip_blocks=True,
)

type Asked = Request[None, None, State]
Wished = Annotated[str, Parameter(query="lang", max_length=35)]


@get("/widget.js", include_in_schema=False)
async def widget_script(shopfront: Shopfront, request: Asked) -> Response[bytes]:
    """What a shop puts on its pages."""
    return sent(_script(shopfront), request)


@get("/widget", include_in_schema=False)
async def widget_page(shopfront: Shopfront, request: Asked, wished: Wished = "") -> Response[str]:
    """The chat itself, shown in a frame on pages of any shop."""
    html = ENVIRONMENT.get_template("widget.html").render(
        language=language_for(request, wished),
        words={"title": shopfront.pack.shop.name[language_for(request, wished)]},
        page=_page(shopfront),
        asset=address_of,
    )
    return html_of(html, security.page("*", inline_styles=True))


@get("/", include_in_schema=False)
async def demo_page(shopfront: Shopfront, request: Asked, wished: Wished = "") -> Response[str]:
    """A page of the shop, with the widget on it."""
    language = language_for(request, wished)
    html = ENVIRONMENT.get_template("demo.html").render(
        language=language,
        words=nested(shopfront.texts, language, "demo"),
        shop=shopfront.pack.shop,
        cards=shelf(shopfront.pack, language),
        asset=address_of,
    )
    return html_of(html, security.page("'none'"), vary=True)


@get("/shop/images/{name:str}", include_in_schema=False)
async def picture(shopfront: Shopfront, name: str) -> Response[bytes]:
    """A picture of the shop pack."""
    folder = (shopfront.pack.folder / "images").resolve()
    media_type = PICTURES.get(Path(name).suffix.lower())
    if media_type is None or FILE_NAME.fullmatch(name) is None:
        raise NoSuchPicture()
    path = (folder / name).resolve()
    if path.parent != folder or not path.is_file():
        raise NoSuchPicture()
    headers = {"Content-Security-Policy": security.PICTURE, "Cache-Control": PICTURES_FRESH}
    return Response(path.read_bytes(), media_type=media_type, headers=headers)


def nested(texts: Texts, language: Language, prefix: str) -> dict[str, object]:
    """All texts below `prefix` as a tree."""
    tree: dict[str, object] = {}
    for key, text in texts.under(language, prefix).items():
        *branches, leaf = key.split(".")
        branch = tree
        for name in branches:
            child = branch.setdefault(name, {})
            assert isinstance(child, dict)  # noqa: S101 - one tree holds no text where it has branches
            branch = child
        branch[leaf] = text
    return tree


def _page(shopfront: Shopfront) -> dict[str, object]:
    """What the widget knows from the start."""
    return {
        "texts": {language: _words(shopfront, language) for language in Language},
        "names": {language: shopfront.pack.shop.name[language] for language in Language},
        "deepchat": address_of(DEEP_CHAT),
        "telegram": bool(shopfront.settings.telegram_token),
        "silence": shopfront.settings.contact_minutes * 60,
        "most": MOST_CHARACTERS,
    }


def _words(shopfront: Shopfront, language: Language) -> dict[str, object]:
    words = nested(shopfront.texts, language, "widget")
    shop = shopfront.pack.shop.name[language]
    return {**words, **{key: str(words[key]).replace("{shop}", shop) for key in ("title", "open")}}


@cache
def _template(path: Path) -> str:
    return path.read_text(encoding="utf-8")


def _script(shopfront: Shopfront) -> Asset:
    keys = ("title", "open", "close", "new_messages")
    words = {language: {key: _words(shopfront, language)[key] for key in keys} for language in Language}
    script = _template(PAGE / "widget.js").replace("/*{words}*/ {}", json.dumps(words, ensure_ascii=False))
    return asset_of("widget.js", script.encode())


def address_of(name: str) -> str:
    """Where a file of ours is served."""
    return f"/assets/{name}"


def language_for(request: Asked, wished: str) -> Language:
    """The language asked for in the address, else that of the browser."""
    return language_of(wished) or preferred(request.headers.get("Accept-Language", ""))


def html_of(html: str, policy: str, *, vary: bool = False, status: int = 200) -> Response[str]:
    """A page as it goes out; `vary` where its language is that of the browser."""
    headers = {"Content-Security-Policy": policy, "Cache-Control": "no-cache"}
    if vary:
        headers["Vary"] = "Accept-Language"
    return Response(html, media_type="text/html; charset=utf-8", headers=headers, status_code=status)
