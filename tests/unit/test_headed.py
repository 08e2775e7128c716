"""Parts under headings: in the pack's order, each once, and on the page of a shared link."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from channels.shopfront import Shopfront
from crm_store.keys import read_or_make_key
from one_to_one.basket import Configured
from one_to_one.headed import added, grouped
from one_to_one.language import Language
from one_to_one.made_pictures import SHARED
from one_to_one.pack import read_pack
from one_to_one.pricing import complete
from one_to_one.sealing import seal
from settings import ROOT
from tests.unit.example_pack import example_pack
from tests.unit.serving import asked
from tests.unit.shopfronts import Front

COMPUTER = read_pack(ROOT / "data" / "shops" / "computer")
FORGE = COMPUTER.products["forge"]

HEADED = """headings:
  - {label: {zh-Hant: 準備, en: Making}, modules: [cut]}
  - {label: {zh-Hant: 別的, en: Other}, modules: [cut]}
"""


def test_modules_stand_under_headings_in_their_order_and_the_rest_last() -> None:
    modules = ["packaging", "memory", "processor", "unheard_of"]
    groups = list(grouped(COMPUTER, modules, Language.ENGLISH))
    assert [(group.label, group.modules) for group in groups] == [
        ("Core", ("processor", "memory")),
        ("System and service", ("packaging",)),
        ("", ("unheard_of",)),
    ]


def test_a_group_adds_what_it_costs_beside_the_standard_of_its_product() -> None:
    options = complete(COMPUTER, FORGE, {"graphics": "high", "memory": "32"})
    assert added(COMPUTER, FORGE, options, ["graphics", "memory"]) == Decimal(21900 - 10900 + 1500)
    assert added(COMPUTER, FORGE, options, ["processor", "board"]) == 0


def test_the_check_finds_a_module_under_two_headings_and_one_that_isnt_there(tmp_path: Path) -> None:
    pack = example_pack(tmp_path)
    pack.change("catalogue.yml", "\nproducts:", "\n" + HEADED + "\nproducts:")
    assert [problem.text for problem in pack.problems] == ["`cut` stands under two headings; keep one."]
    pack.change("catalogue.yml", "en: Other}, modules: [cut]", "en: Other}, modules: [cutt]")
    assert ["Did you mean `cut`?" in problem.text for problem in pack.problems] == [True]


@pytest.fixture
def front(tmp_path: Path) -> Shopfront:
    """A shopfront of the computer shop."""
    return Front(tmp_path, pack=COMPUTER).shopfront


@pytest.mark.parametrize(
    ("language", "heading"), [("en", "Core"), ("zh-Hant", "機殼與散熱"), ("zh-Hans", "机箱与散热")]
)
async def test_a_shared_page_tells_the_parts_under_headings(
    front: Shopfront, language: str, heading: str
) -> None:
    async with front.store.transaction() as books:
        customer = await books.customers.create("en", front.clock())
        made = Configured("forge", complete(COMPUTER, FORGE, {}), Decimal(1))
        number = (await books.configurations.add(customer.id, made, front.clock())).id
    token = seal(read_or_make_key(front.settings.keys, "signing"), SHARED, number)
    async with asked(front) as client:
        page = await client.get(f"/made/{token}", params={"lang": language})
    assert f"<h2>{heading}</h2>" in page.text
