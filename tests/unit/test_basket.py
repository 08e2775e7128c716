"""What an order is made of: put in, taken up, made otherwise and taken out, one thing always in hand."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from one_to_one.basket import Basket, Configured, around

KENYA = Configured("kenya", {"size": "250"}, Decimal(2), ("size",))
BRAZIL = Configured("brazil", {"size": "500"})
PERU = Configured("peru", {"size": "500"})


def test_what_is_put_in_is_in_hand() -> None:
    basket = Basket((KENYA,)).adding(BRAZIL)
    assert basket.things == (KENYA, BRAZIL)
    assert basket.in_hand == BRAZIL
    assert basket.beside == (KENYA,)


def test_of_what_is_there_already_there_is_more() -> None:
    basket = Basket((KENYA, BRAZIL)).adding(Configured("kenya", {"size": "250"}))
    assert [one.quantity for one in basket.things] == [3, 1]
    assert basket.in_hand.product == "kenya"
    assert basket.in_hand.said == ("size",)


def test_the_same_product_made_otherwise_is_another_thing() -> None:
    basket = Basket((KENYA,)).adding(Configured("kenya", {"size": "500"}))
    assert [one.options["size"] for one in basket.things] == ["250", "500"]


def test_only_the_one_in_hand_is_made_otherwise() -> None:
    basket = Basket((KENYA, BRAZIL, PERU)).taking(2).remade(Configured("brazil", {"size": "1000"}))
    assert [one.options["size"] for one in basket.things] == ["250", "1000", "500"]
    assert basket.hand == 2


@pytest.mark.parametrize(("hand", "out", "in_hand"), [(1, 1, "peru"), (3, 1, "peru"), (1, 3, "kenya")])
def test_what_is_taken_out_leaves_another_in_hand(hand: int, out: int, in_hand: str) -> None:
    left = Basket((KENYA, BRAZIL, PERU), hand).without(out)
    assert len(left.things) == 2
    assert left.in_hand.product == in_hand


def test_the_only_thing_is_not_taken_out() -> None:
    with pytest.raises(ValueError, match="empty"):
        Basket((KENYA,)).without(1)


@pytest.mark.parametrize("place", [0, 3, -1])
def test_a_place_where_nothing_is_is_not_taken(place: int) -> None:
    with pytest.raises(ValueError, match=str(place)):
        Basket((KENYA, BRAZIL)).taking(place)


def test_so_many_of_each() -> None:
    basket = Basket((KENYA, BRAZIL)).each(Decimal(4))
    assert [one.quantity for one in basket.things] == [4, 4]


things = st.builds(
    Configured,
    st.sampled_from(["a", "b", "c"]),
    st.fixed_dictionaries({"size": st.sampled_from(["1", "2"])}),
    st.integers(1, 5).map(Decimal),
)


@given(st.lists(things, min_size=1, max_size=8), st.data())
def test_nothing_is_lost_whatever_is_put_in_and_taken_up(put: list[Configured], data: st.DataObject) -> None:
    basket = Basket((put[0],))
    for thing in put[1:]:
        basket = basket.adding(thing).taking(data.draw(st.integers(1, len(basket.things))))
    assert sum(one.quantity for one in basket.things) == sum(one.quantity for one in put)
    kinds = [(one.product, one.options["size"]) for one in basket.things]
    assert len(kinds) == len(set(kinds))
    assert around(basket.in_hand, basket.beside, basket.hand) == basket
