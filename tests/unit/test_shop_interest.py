"""What the shop's own interest may do to a proposal, and what it may never do."""

from __future__ import annotations

import inspect
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from one_to_one import pricing, proposals
from one_to_one.catalogue import catalogue_of
from one_to_one.facts import Polarity
from one_to_one.history import Ordered, Rating, Shown
from one_to_one.pricing import price, prices_of
from one_to_one.proposals import propose
from one_to_one.shop import Offer, OfferKind, Proposing, ShopPack
from one_to_one.specials import is_on
from tests.unit.packs import NOW, bakery, fact, facts_of, pack, product, text, topic

DAY = timedelta(days=1)


def equals(rules: Proposing, stock: int = 9) -> ShopPack:
    """Five loaves that suit equally well and differ in nothing but what they earn."""
    names = ["a", "b", "c", "d", "e"]
    made = [product(name, "10", str(9 - number), grain="rye") for number, name in enumerate(names)]
    made[4] = replace(made[4], stock=stock)
    shop = pack([topic("grain", "rye", "spelt")], [*made, product("z", grain="spelt")])
    return replace(shop, shop=replace(shop.shop, proposing=rules))


def test_margin_decides_between_equals_in_the_share_of_places_that_the_shop_set() -> None:
    rules = Proposing(margin_weight=0.2, pushed_share=0.34)
    items = propose(equals(rules), facts_of(grain="rye"), [], [], NOW)
    assert [(item.product, item.pushed) for item in items] == [("a", False), ("e", True), ("z", False)]


def test_without_a_share_nothing_is_pushed() -> None:
    items = propose(equals(Proposing(margin_weight=1.0)), facts_of(grain="rye"), [], [], NOW)
    assert not any(item.pushed for item in items)


def test_the_first_place_is_always_the_customers_best() -> None:
    rules = Proposing(margin_weight=1.0, pushed_share=1.0)
    shop = equals(rules)
    best = replace(shop.products["a"], attributes={"grain": ("spelt",)}, cost=Decimal(9))
    shop = replace(shop, products={**shop.products, "a": best, "z": replace(shop.products["z"], stock=0)})
    assert propose(shop, facts_of(grain="spelt"), [], [], NOW)[0].product == "a"


def test_what_is_nearly_gone_is_not_proposed() -> None:
    few = equals(Proposing(least_stock=3), stock=2)
    assert "e" not in [item.product for item in propose(few, facts_of(grain="rye"), [], [], NOW, count=9)]
    assert "e" in [
        item.product
        for item in propose(equals(Proposing(), stock=2), facts_of(grain="rye"), [], [], NOW, count=9)
    ]


@given(st.dictionaries(st.sampled_from(["A", "B", "C", "D"]), st.decimals(0, 99999, places=0)))
def test_no_tier_changes_what_anything_costs(tiers: dict[str, Decimal]) -> None:
    plain, tiered = bakery(), bakery()
    tiered = replace(tiered, shop=replace(tiered.shop, tiers=tiers))
    rich = [Ordered("goat", {}, NOW - n * DAY, Rating.LIKED, n) for n in range(1, 60)]
    for history in ([], rich):
        theirs = propose(tiered, [], history, [], NOW)
        assert theirs == propose(plain, [], history, [], NOW)
        for item in theirs:
            assert item.price == price(plain, plain.products[item.product], item.options)


def test_nothing_that_makes_a_price_is_told_who_the_customer_is() -> None:
    for rule in (pricing.price, pricing.cost, pricing.prices_of):
        assert not {"customer", "tier", "facts", "history"} & set(inspect.signature(rule).parameters)
    assert "tier" not in inspect.signature(proposals.propose).parameters


@given(st.sampled_from(["half", "full"]), st.integers(1, 9))
def test_the_prices_of_all_at_once_are_the_prices_one_by_one(size: str, step: int) -> None:
    shop = bakery()
    shop = replace(shop, shop=replace(shop.shop, price_step=Decimal(step) / 2))
    options = {"size": size, "cut": "whole"}
    catalogue = catalogue_of(shop)
    one_by_one = [float(price(shop, each, options)) for each in catalogue.products]
    assert np.allclose(prices_of(shop, catalogue, options), one_by_one)


def on_offer(kind: OfferKind = OfferKind.SPECIAL, *names: str, **terms: str) -> ShopPack:
    """The bakery with an offer of these for two weeks around now, at 3 if nothing else is said."""
    days = (date(2026, 2, 20), date(2026, 3, 10))
    amount = None if terms else Decimal(3)
    offer = Offer("o", kind, names or ("pumpernickel",), terms, amount, *days, text("because"))
    return replace(bakery(), offers={"o": offer})


def test_an_offer_is_made_for_what_suits_at_its_price() -> None:
    items = propose(on_offer(), facts_of(grain="rye"), [], [], NOW, offers=True)
    made = {item.product: (item.offer, item.price) for item in items}
    assert made["pumpernickel"] == ("o", Decimal(3))
    assert [offer for offer, _ in made.values() if offer] == ["o"]


def test_an_offer_is_not_made_unless_it_was_allowed() -> None:
    items = propose(on_offer(), facts_of(grain="rye"), [], [], NOW)
    assert not any(item.offer for item in items)


def test_an_offer_of_what_they_dislike_is_not_made() -> None:
    known = [fact(1, "crust", "soft"), fact(2, "grain", "rye", Polarity.DISLIKES)]
    assert not any(item.offer for item in propose(on_offer(), known, [], [], NOW, offers=True))


def test_an_offer_that_hardly_suits_is_not_made() -> None:
    known = facts_of(crust="soft", grain="spelt", filling="raisins")
    assert not any(item.offer for item in propose(on_offer(), known, [], [], NOW, offers=True))


@pytest.mark.parametrize(("days", "made"), [(5, False), (70, True)])
def test_an_offer_that_was_turned_down_rests(days: int, made: bool) -> None:
    shown = [Shown("pumpernickel", NOW - days * DAY, "rejected", offer="o")]
    items = propose(on_offer(), facts_of(grain="rye"), [], shown, NOW, offers=True)
    assert any(item.offer for item in items) is made


def test_at_most_one_offer_is_made_at_a_time() -> None:
    shop = on_offer(OfferKind.CLEARANCE, "farmer", "pumpernickel", "fruit", "brioche")
    items = propose(shop, facts_of(grain="rye"), [], [], NOW, offers=True)
    assert sum(item.offer is not None for item in items) == 1


def test_a_small_one_is_offered_only_to_whom_no_other_size_is_known() -> None:
    shop = on_offer(OfferKind.TRIAL, "pumpernickel", size="half")
    small = propose(shop, facts_of(grain="rye"), [], [], NOW, offers=True)
    [trial] = [item for item in small if item.offer]
    assert (trial.options["size"], "size" in trial.assumed, trial.price) == ("half", False, Decimal("2.5"))
    sure = propose(shop, facts_of(grain="rye", size="full"), [], [], NOW, offers=True)
    assert not any(item.offer for item in sure)
    same = propose(shop, facts_of(grain="rye", size="half"), [], [], NOW, offers=True)
    assert any(item.offer for item in same)


def test_an_offer_holds_from_its_first_to_its_last_day_in_the_shops_time_zone() -> None:
    shop = on_offer()
    offer = shop.offers["o"]
    assert not is_on(offer, shop, NOW + 10 * DAY)
    assert is_on(offer, shop, NOW + 9 * DAY)
    east = replace(shop, shop=replace(shop.shop, time_zone="Asia/Taipei"))
    assert not is_on(offer, east, NOW + 9.5 * DAY)
