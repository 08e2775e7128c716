"""Prices of configured products."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from one_to_one.pricing import cost, margin, price, round_up
from one_to_one.shop import Option
from tests.unit.packs import bakery, bicycles, text

PACK = bakery()
BAGUETTE = PACK.products["baguette"]


def test_a_product_with_its_defaults_costs_its_own_price() -> None:
    assert price(PACK, BAGUETTE, {}) == Decimal(3)


def test_an_option_multiplies_price_and_cost() -> None:
    half = {"size": "half"}
    assert (price(PACK, BAGUETTE, half), cost(PACK, BAGUETTE, half)) == (Decimal("1.5"), Decimal("0.5"))


def test_an_option_can_add_to_price_and_cost() -> None:
    boxed = Option("box", text("box"), Decimal(1), Decimal("0.30"), Decimal("0.10"))
    cut = PACK.modules["cut"]
    pack = replace(PACK, modules={"cut": replace(cut, options={**cut.options, "box": boxed})})
    assert (price(pack, BAGUETTE, {"cut": "box"}), cost(pack, BAGUETTE, {"cut": "box"})) == (
        Decimal("3.5"),
        Decimal("1.10"),
    )


def test_a_price_is_rounded_up_to_the_step_of_the_shop() -> None:
    courier = replace(bicycles().products["courier"], price=Decimal("701"))
    assert price(bicycles(), courier, {}) == Decimal(710)


def test_the_margin_is_what_is_left_of_the_price() -> None:
    assert margin(PACK, BAGUETTE, {}) == Decimal(2)


def test_an_unknown_option_is_refused() -> None:
    with pytest.raises(KeyError):
        price(PACK, BAGUETTE, {"size": "giant"})


amounts = st.decimals(0, 10_000, places=3)
steps = st.sampled_from([Decimal("0.01"), Decimal("0.5"), Decimal(1), Decimal(10)])


@given(amounts, steps)
def test_rounding_up_never_loses_and_never_adds_a_whole_step(amount: Decimal, step: Decimal) -> None:
    rounded = round_up(amount, step)
    assert amount <= rounded < amount + step
    assert rounded % step == 0
