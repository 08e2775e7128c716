"""A new shop begins with a pack that can be used at once."""

from __future__ import annotations

from io import StringIO
from pathlib import Path

import pytest

from cli.app import run
from cli.examples import sentences
from cli.starting_shops import NoShopName, NotInOrder, ShopExists, UnknownTongue, spoken, start
from crm_store.store import Store
from one_to_one.language import Language
from one_to_one.pack import check_pack, read_pack
from settings import ROOT
from tests.unit.talking import Talk


@pytest.mark.parametrize("languages", ["zh-Hant,zh-Hans,en", "en", "zh-Hant, en", "zh-Hans"])
def test_it_passes_the_check_at_once_in_any_languages(tmp_path: Path, languages: str) -> None:
    start(tmp_path / "tea-room", spoken(languages), "EUR", "Europe/Vienna")
    assert check_pack(tmp_path / "tea-room") == []
    shop = read_pack(tmp_path / "tea-room").shop
    assert (list(shop.languages), shop.currency, shop.time_zone) == (
        spoken(languages),
        "EUR",
        "Europe/Vienna",
    )
    assert set(shop.name.values()) == {"Tea Room"}


def test_a_language_it_does_not_speak_is_nowhere(tmp_path: Path) -> None:
    start(tmp_path / "one", [Language.ENGLISH], "EUR", "Europe/Vienna")
    written = [path for path in (tmp_path / "one").rglob("*") if path.is_file()]
    assert not any("zh-Hant:" in path.read_text(encoding="utf-8") for path in written)
    assert [path.name for path in written if path.parent.name == "nlu"] == ["en.yml"]


def test_it_can_be_trained_and_talked_with(tmp_path: Path) -> None:
    start(tmp_path / "one", [Language.ENGLISH], "EUR", "Europe/Vienna")
    made = sentences(read_pack(tmp_path / "one"), ROOT / "data" / "nlu")
    assert any("cedar" in line for lines in made.values() for line in lines)
    assert "the bar is cracked" in made["complain"]


def test_each_file_tells_what_to_write(tmp_path: Path) -> None:
    start(tmp_path / "one", [Language.ENGLISH], "EUR", "Europe/Vienna")
    for path in (tmp_path / "one").rglob("*.yml"):
        assert path.read_text(encoding="utf-8").count("#") >= 2


def test_nothing_is_overwritten(tmp_path: Path) -> None:
    (tmp_path / "one").mkdir()
    (tmp_path / "one" / "shop.yml").write_text("mine", encoding="utf-8")
    with pytest.raises(ShopExists):
        start(tmp_path / "one", [Language.ENGLISH], "EUR", "Europe/Vienna")
    assert (tmp_path / "one" / "shop.yml").read_text(encoding="utf-8") == "mine"


@pytest.mark.parametrize(("currency", "zone"), [("XXZ", "Asia/Taipei"), ("EUR", "Mars/Base")])
def test_what_is_no_currency_or_time_zone_leaves_nothing(tmp_path: Path, currency: str, zone: str) -> None:
    with pytest.raises(NotInOrder):
        start(tmp_path / "one", [Language.ENGLISH], currency, zone)
    assert not (tmp_path / "one").exists()


@pytest.mark.parametrize("name", ["../evil", "Bakery", "1st", "ä"])
def test_a_name_has_to_be_one(tmp_path: Path, name: str) -> None:
    with pytest.raises(NoShopName):
        start(
            Path(f"{tmp_path}/{'x' * 41}") if name == "../evil" else tmp_path / name,
            [Language.ENGLISH],
            "EUR",
            "UTC",
        )


def test_with_nobody_at_a_terminal_it_asks_nothing_and_takes_what_is_usual(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stdin", StringIO(""))
    assert run(["shop", "new", "bakery", "--folder", str(tmp_path)]) == 0
    shop = read_pack(tmp_path / "bakery").shop
    assert (shop.currency, set(shop.languages)) == ("TWD", set(Language))


@pytest.mark.parametrize("languages", ["", "fr", "en,tlh"])
def test_only_languages_that_are_spoken(languages: str) -> None:
    with pytest.raises(UnknownTongue):
        spoken(languages)


@pytest.mark.parametrize("language", ["zh-Hant", "zh-Hans", "en"])
async def test_a_talk_through_a_new_shop_ends_with_an_order(
    own_store: Store, tmp_path: Path, language: str
) -> None:
    start(tmp_path / "soap", spoken("zh-Hant,zh-Hans,en"), "EUR", "Europe/Vienna")
    talk = Talk(own_store, read_pack(tmp_path / "soap"), language=language)
    assert "Soap" in await talk.says("hello", "greet")
    await talk.says("show me", "propose")
    await talk.taps_titled("1.")
    await talk.says("yes", "affirm")
    async with own_store.reading() as books:
        [order] = await books.orders.listed(talk.customer)
    assert (order.state, order.currency) == ("placed", "EUR")
    await own_store.close()
