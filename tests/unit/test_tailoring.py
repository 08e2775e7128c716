"""Products are ranked by what could be made of them for this customer, not by what they are without it."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from one_to_one.facts import Fact, Polarity
from one_to_one.pack import read_pack
from one_to_one.proposals import Proposed, propose
from one_to_one.rules import Needs
from one_to_one.shop import ShopPack
from settings import ROOT
from tests.unit.packs import MONEY, NOW, fact, facts_of, module, pack, product, text, topic


def carts() -> ShopPack:
    """Carts: what is on them decides how good they are for what they are wanted for."""
    trips = topic("trips", "town", "hills", suits=True)
    hills = replace(trips.values["hills"], calls_for={"wheels": ("wide", "firm"), "brakes": ("strong",)})
    low = {"wheels": ("thin", "firm")}
    made = pack(
        [
            replace(trips, values={**trips.values, "hills": hills}),
            topic("looks", "plain", "fancy"),
            topic("limit", kind=MONEY),
        ],
        [
            replace(product("allround", price="100", trips=("town", "hills"), looks="plain"), options=low),
            replace(product("errand", price="100", trips="town", looks="plain"), options=low),
            product("rugged", price="110", trips="hills", looks="fancy"),
        ],
        [
            module("wheels", "thin", thin="1", firm="1.2", wide="1.5"),
            module("brakes", "simple", simple="1", strong="1.2"),
        ],
    )
    wide = Needs(
        "wide", text("wide wheels need strong brakes"), {"wheels": ("wide",)}, {"brakes": ("strong",)}
    )
    return replace(made, rules=(wide,))


CARTS = carts()


def ranked(*facts: Fact, shop: ShopPack = CARTS) -> list[Proposed]:
    """All products, the best first."""
    items = propose(shop, facts, [], [], NOW, count=len(shop.products))
    return sorted(items, key=lambda item: -item.score)


def test_what_can_be_fitted_for_it_comes_first_though_another_is_more_usual() -> None:
    first = propose(CARTS, facts_of(trips="hills"), [], [], NOW)[0]
    assert (first.product, first.options) == ("rugged", {"wheels": "wide", "brakes": "strong"})


def test_without_the_money_for_it_the_usual_one_comes_first_with_what_can_be_afforded() -> None:
    first = propose(CARTS, facts_of(trips="hills", limit="150"), [], [], NOW)[0]
    assert (first.product, first.options) == ("allround", {"wheels": "firm", "brakes": "strong"})
    assert first.price <= 150


def choosers() -> ShopPack:
    """The same where customers are asked about the wheels."""
    return replace(CARTS, topics={**CARTS.topics, "wheels": topic("wheels", "thin", "firm", "wide")})


def test_what_was_chosen_isnt_changed_for_what_it_is_wanted_for() -> None:
    for item in propose(choosers(), facts_of(trips="hills", wheels="thin"), [], [], NOW):
        assert item.options["wheels"] == "thin"


def test_a_choice_that_only_some_can_have_ranks_these_first_and_speaks_for_no_other() -> None:
    shop, said = choosers(), fact(1, "wheels", "wide")
    first, *others = ranked(said, shop=shop)
    assert (first.product, first.used) == ("rugged", (said.id,))
    assert not any(other.used for other in others)


def test_what_can_only_be_had_with_what_they_never_want_isnt_proposed() -> None:
    shop = choosers()
    shop = replace(
        shop,
        products={**shop.products, "rugged": replace(shop.products["rugged"], options={"wheels": ("wide",)})},
    )
    never = ranked(fact(1, "wheels", "wide", Polarity.NEVER), shop=shop)
    assert [item.product for item in never if item.product == "rugged"] == []
    assert len(never) == 2


def test_what_they_would_rather_not_have_is_made_up_otherwise() -> None:
    for item in ranked(fact(1, "wheels", "thin", Polarity.DISLIKES), shop=choosers()):
        assert item.options["wheels"] == "firm"


def test_something_cheaper_is_made_up_cheaper() -> None:
    dear = propose(CARTS, facts_of(trips="hills"), [], [], NOW)[0]
    assert dear.price == Decimal("198")
    items = propose(CARTS, facts_of(trips="hills"), [], [], NOW, below=dear.price)
    assert items
    assert all(item.price < dear.price for item in items)


@pytest.mark.parametrize(
    "said",
    [
        {"use": "gaming", "budget": "50000"},
        {"use": "video"},
        {"use": "study", "graphics": "mid"},
        {"processor": "heron9", "budget": "70000"},
    ],
)
def test_the_first_is_the_best_of_all_made_up_one_by_one(said: dict[str, str]) -> None:
    shop = read_pack(ROOT / "data" / "shops" / "computer")
    best = ranked(*facts_of(**said), shop=shop)[0]
    assert propose(shop, facts_of(**said), [], [], NOW)[0].score == best.score


def test_what_suits_a_use_makes_nothing_better_that_isnt_for_that_use() -> None:
    scores = {item.product: item.score for item in ranked(*facts_of(trips="hills"))}
    plain = {item.product: item.score for item in ranked(*facts_of(trips="hills"), shop=without_calls())}
    assert scores["errand"] == plain["errand"]
    assert scores["allround"] > plain["allround"]


def without_calls() -> ShopPack:
    """The same where no use calls for anything."""
    return replace(CARTS, topics={**CARTS.topics, "trips": topic("trips", "town", "hills", suits=True)})
