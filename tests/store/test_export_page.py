"""What is kept about a customer, as a page to read."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from html.parser import HTMLParser

import pytest

from crm_store.books import Books
from crm_store.export_page import export_html
from crm_store.exporting import export
from crm_store.store import Store
from one_to_one.facts import Heard, Polarity, Source
from one_to_one.language import Language
from one_to_one.pack import read_pack
from one_to_one.texts import Texts
from settings import ROOT
from tests.store.test_erasing import WORDS, a_life

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)
PACK = read_pack(ROOT / "data" / "shops" / "coffee")
TEXTS = Texts.read(ROOT / "data" / "texts")
HAN = re.compile("[\u3400-\u9fff]")


class Seen(HTMLParser):
    """The words of a page, its tags, and what it would fetch."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.words: list[str] = []
        self.tags: list[str] = []
        self.fetched: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.fetched += [value or "" for name, value in attrs if name in ("src", "href", "data", "action")]

    def handle_data(self, data: str) -> None:
        if self.tags[-1:] != ["style"]:
            self.words.append(data)

    @property
    def text(self) -> str:
        return " ".join("".join(self.words).split())


async def a_page(books: Books, language: Language, words: str = WORDS) -> Seen:
    customer = await a_life(books, "ann", words)
    heard = Heard("milk", "oat", Polarity.NEVER, 0.9, "<b>no oat</b>")
    await books.facts.learn(customer, heard, at=NOON, source=Source(None, "web", NOON))
    await books.consents.record(customer, "sensitive:avoid", "granted", "May I?", NOON)
    await books.audit.record("cli", "export", customer, NOON)
    held = await export(books, customer)
    return Seen(export_html(held, TEXTS, PACK, language, NOON + timedelta(hours=1)))


@pytest.mark.parametrize("language", list(Language))
async def test_the_page_says_everything_in_the_customers_language(store: Store, language: Language) -> None:
    async with store.transaction() as books:
        seen = await a_page(books, language)
    for label in (
        PACK.topics["milk"].label[language],
        PACK.topics["milk"].values["oat"].label[language],
        TEXTS.say(language, "export_page.polarity.never"),
        TEXTS.say(language, "export_page.purpose.sensitive"),
        TEXTS.say(language, "export_page.acts.export"),
        PACK.shop.name[language],
    ):
        assert label in seen.text
    assert seen.text.count(WORDS) >= 7  # message, fact, order, rating, complaint, promise, consent
    if language is Language.ENGLISH:
        assert HAN.findall(seen.text) == []


async def test_the_page_fetches_nothing_and_what_was_said_can_not_become_markup(store: Store) -> None:
    async with store.transaction() as books:
        seen = await a_page(books, Language.ENGLISH, "<script>alert(1)</script>")
    assert seen.fetched == []
    assert not {"script", "link", "img", "b"} & set(seen.tags)
    assert "<b>no oat</b>" in seen.text


async def test_a_customer_of_whom_nothing_is_known_has_a_page_too(store: Store) -> None:
    async with store.transaction() as books:
        customer = (await books.customers.create("en", NOON)).id
        held = await export(books, customer)
    assert "we remember no tastes" in Seen(export_html(held, TEXTS, PACK, Language.ENGLISH, NOON)).text
