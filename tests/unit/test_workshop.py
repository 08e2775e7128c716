"""The workshop: checked by making everything that can be made, and looking."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from math import prod

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from one_to_one.configuring import benches
from one_to_one.configuring.benches import ASSUMED, LEAST
from one_to_one.configuring.wishing import Wish, budget_wish
from one_to_one.configuring.workshop import Breach, Workshop
from one_to_one.pricing import codes_of, price
from one_to_one.rules import NONE, PRODUCT
from one_to_one.shop import Product, ShopPack
from tests.unit.made_packs import DAY, computers, everything, shops

COMPUTERS = computers()


def available(shop: ShopPack, made: Product) -> list[dict[str, str]]:
    """All that somebody of no group can have on the day."""
    return [options for options in everything(shop, made) if can_be_had(shop, options)]


def can_be_had(shop: ShopPack, options: Mapping[str, str]) -> bool:
    chosen = [shop.modules[name].options[code] for name, said in options.items() for code in codes_of(said)]
    return all(one.availability.on(DAY) and one.stock != 0 for one in chosen)


@given(shops(), st.data())
def test_what_is_left_is_exactly_what_is_possible(shop: ShopPack, data: st.DataObject) -> None:
    made = data.draw(st.sampled_from(sorted(shop.products.values(), key=lambda one: one.id)))
    possible = available(shop, made)
    assume(possible)
    example = data.draw(st.sampled_from(possible))
    named = data.draw(st.sets(st.sampled_from(sorted(example))) if example else st.just(set()))
    picks = {name: example[name] for name in named}
    left = Workshop(shop).left(made.id, picks, day=DAY)
    for name, module in shop.modules_of(made).items():
        others = {other: code for other, code in picks.items() if other != name}
        fitting = [each[name] for each in possible if others.items() <= each.items()]
        if not module.several:
            expected = set(fitting)
        else:
            had = set(codes_of(picks.get(name, NONE)))
            expected = {c for each in fitting if had <= set(codes_of(each)) for c in codes_of(each)}
            expected |= {NONE} if NONE in fitting else set()
        assert set(left[name]) == expected, name
    of = data.draw(st.sets(st.sampled_from(sorted(left))) if left else st.just(set()))
    some = Workshop(shop).left(made.id, picks, day=DAY, of=of)
    assert some == {name: codes for name, codes in left.items() if name in of}


@given(shops())
def test_the_number_of_configurations_is_right(shop: ShopPack) -> None:
    workshop = Workshop(shop)
    for name, made in shop.products.items():
        assert workshop.count(name) == len(list(everything(shop, made)))


def worth(
    shop: ShopPack, made: Product, options: Mapping[str, str], wishes: list[Wish], margin: float
) -> float:
    """What a configuration is worth, by its definition."""
    amount = price(shop, made, options)
    met = sum(wish.weight for wish in wishes if not wish.firm and wish.met(made.id, options, amount))
    usual = 0.0
    for name, module in shop.modules_of(made).items():
        wished = any(wish.module == name and not wish.avoid for wish in wishes)
        if shop.default_of(made, module) in (codes_of(options[name]) or (NONE,)):
            usual += LEAST if wished else ASSUMED
    chosen = [shop.modules[name].options[code] for name, said in options.items() for code in codes_of(said)]
    factor = prod((one.factor for one in chosen), start=Decimal(1))
    earned = (made.price - made.cost) * factor + sum(one.price - one.cost for one in chosen)
    return met + usual + margin * float(earned / made.price)


@st.composite
def wish_lists(draw: st.DrawFn, shop: ShopPack) -> list[Wish]:
    """Wishes about anything that can be chosen there."""
    codes = {name: (*one.options, NONE) for name, one in shop.modules.items()} | {
        PRODUCT: tuple(shop.products)
    }
    wishes = [
        Wish(
            name,
            frozenset(draw(st.sets(st.sampled_from(codes[name]), min_size=1, max_size=2))),
            draw(st.sampled_from([0.25, 0.5, 1.0, 1.25])),
            firm=draw(st.integers(0, 4)) == 0,
            avoid=draw(st.booleans()),
        )
        for name in draw(st.lists(st.sampled_from(sorted(codes)), max_size=4))
    ]
    if draw(st.booleans()):
        most, firm = Decimal(draw(st.integers(5, 60))), draw(st.booleans())
        wishes.append(budget_wish(most, 0.75, firm=firm))
    return wishes


@given(shops(), st.data())
def test_the_best_is_the_best_of_everything(shop: ShopPack, data: st.DataObject) -> None:
    wishes = data.draw(wish_lists(shop))
    budget = data.draw(st.none() | st.integers(5, 60).map(Decimal))
    margin = data.draw(st.sampled_from([0.0, 0.15, 1.0]))
    fancied = {name: data.draw(st.sampled_from([0.0, 0.5, 2.0])) for name in shop.products}
    found = Workshop(shop).best(wishes, budget=budget, day=DAY, fancied=fancied, margin_weight=margin)
    values = [
        worth(shop, made, options, wishes, margin) + fancied[made.id]
        for made in shop.products.values()
        if made.stock > 0
        for options in available(shop, made)
        if all(w.met(made.id, options, price(shop, made, options)) for w in wishes if w.firm)
        if budget is None or price(shop, made, options) <= budget
    ]
    assert (found is None) is (not values)
    if found is not None:
        made = shop.products[found.product]
        assert found.options in available(shop, made)
        assert found.price == price(shop, made, found.options)
        assert budget is None or found.price <= budget
        value = worth(shop, made, found.options, wishes, margin) + fancied[made.id]
        assert found.utility == pytest.approx(value)
        assert value == pytest.approx(max(values), abs=1e-5)


@given(shops(), st.data())
def test_as_little_as_possible_is_given_up_and_nothing_firm(shop: ShopPack, data: st.DataObject) -> None:
    wishes = data.draw(wish_lists(shop))
    conflict = Workshop(shop).conflict(wishes, day=DAY)
    missed = [
        sorted(
            (w.weight + LEAST for w in wishes if not w.met(made.id, options, price(shop, made, options))),
        )
        for made in shop.products.values()
        if made.stock > 0
        for options in available(shop, made)
        if all(w.met(made.id, options, price(shop, made, options)) for w in wishes if w.firm)
    ]
    assert (conflict is None) is ([] in missed)
    if conflict is None:
        return
    assert bool(conflict.ways) is bool(missed)
    if missed:
        given_up = sum(wish.weight + LEAST for wish in conflict.ways[0].give_up)
        assert given_up == pytest.approx(min(map(sum, missed)))
    for way in conflict.ways:
        assert not any(wish.firm for wish in way.give_up)
        assert way.made.options in available(shop, shop.products[way.made.product])
        met = [w for w in wishes if w.met(way.made.product, way.made.options, way.made.price)]
        assert [w for w in wishes if w not in met] == list(way.give_up)


@given(shops(), st.data())
def test_the_solver_finds_the_same_as_trying(shop: ShopPack, data: st.DataObject) -> None:
    wishes = data.draw(wish_lists(shop))
    budget = data.draw(st.none() | st.integers(5, 60).map(Decimal))
    tried = Workshop(shop).best(wishes, budget=budget, day=DAY, margin_weight=0.5)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(benches, "TRIES", 0)
        solved = Workshop(shop).best(wishes, budget=budget, day=DAY, margin_weight=0.5)
    assert (tried is None) is (solved is None)
    if tried is not None and solved is not None:
        assert solved.utility == pytest.approx(tried.utility, abs=1e-5)
        assert budget is None or solved.price <= budget


BIG = [
    Wish("memory", frozenset({"m64"}), 1.0),
    Wish("gpu", frozenset({"big"}), 1.0),
    Wish("case", frozenset({"mini"}), 0.6),
]
"""What is wished for in the example of docs/configurator.md."""


def test_the_example_of_the_docs_is_true() -> None:
    workshop = Workshop(COMPUTERS)
    assert workshop.count("desk") == 240
    left = workshop.left("desk", {"gpu": "big"})
    assert (left["case"], left["power"], left["memory"]) == (("tower",), ("p650",), ("m16", "m32", "m64"))
    best = workshop.best(BIG, product="desk")
    assert best is not None
    assert (int(best.price), [wish.module for wish in best.unmet]) == (1800, ["case"])
    others = workshop.alternatives(best, BIG, product="desk")
    assert [(int(one.price), one.options["gpu"], one.options["case"]) for one in others] == [
        (1010, "none", "mini"),
        (1370, "mid", "mini"),
    ]
    conflict = workshop.conflict([*BIG, budget_wish(Decimal(1200), 0.8)], product="desk")
    assert conflict is not None
    assert {wish.module for wish in conflict.clash} == {"gpu", "budget"}
    told = [([wish.module for wish in way.give_up], int(way.made.price)) for way in conflict.ways[:2]]
    assert told == [(["gpu"], 1010), (["case", "budget"], 1800)]


def test_the_rules_because_of_which_wishes_clash_are_named() -> None:
    conflict = Workshop(COMPUTERS).conflict(BIG[1:], product="desk")
    assert conflict is not None
    assert conflict.rules == ("heat",)
    assert [wish.module for wish in conflict.ways[0].give_up] == ["case"]


def test_what_is_wrong_with_a_configuration_is_told() -> None:
    workshop = Workshop(COMPUTERS)
    best = workshop.best(BIG, product="desk")
    assert best is not None
    assert workshop.valid("desk", best.options) == []
    hot = workshop.valid("desk", {**best.options, "case": "mini"})
    assert [(one.breach, one.rule) for one in hot] == [(Breach.RULE, "heat")]
    gone = workshop.valid("desk", {**best.options, "gpu": "huge"})
    assert [(one.breach, one.picks) for one in gone] == [(Breach.GONE, (("gpu", "huge"),))]
    lacking = {name: code for name, code in best.options.items() if name != "case"}
    assert [one.breach for one in workshop.valid("desk", lacking)] == [Breach.MISSING]
    assert [one.breach for one in workshop.valid("desk", best.options, quantity=99)] == [Breach.STOCK]
    assert [one.breach for one in workshop.valid("cup", best.options)] == [Breach.GONE]
