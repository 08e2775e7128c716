"""What is proposed, and why."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from one_to_one.catalogue import catalogue_of
from one_to_one.choosing import Field, chosen
from one_to_one.facts import Fact, Polarity
from one_to_one.history import Ordered, Rating, Shown, usual
from one_to_one.preferences import beliefs
from one_to_one.pricing import complete
from one_to_one.proposals import Proposed, as_usual, propose, reconfigure
from one_to_one.shop import ShopPack
from one_to_one.tastes import tastes_of
from tests.unit.packs import NOW, YEAR, bakery, bicycles, fact, facts_of, pack, product, topic

PACK = bakery()
DAY = timedelta(days=1)
DISLIKES, NEVER = Polarity.DISLIKES, Polarity.NEVER


def proposed(facts: list[Fact], *history: Ordered, shown: tuple[Shown, ...] = ()) -> list[str]:
    """The products proposed, in order."""
    return [item.product for item in propose(PACK, facts, history, shown, NOW)]


def best(facts: list[Fact], *history: Ordered, shown: tuple[Shown, ...] = ()) -> Proposed:
    """The first product proposed."""
    return propose(PACK, facts, history, shown, NOW)[0]


def ordered(
    product: str, rating: Rating | None = None, days_ago: int = 5, number: int = 1, **options: str
) -> Ordered:
    """An order line of some days ago."""
    return Ordered(
        product, complete(PACK, PACK.products[product], options), NOW - days_ago * DAY, rating, number
    )


def test_three_are_proposed_to_somebody_of_whom_nothing_is_known() -> None:
    items = propose(PACK, [], [], [], NOW)
    assert (len(items), [item.used for item in items]) == (3, [(), (), ()])


def test_the_boldest_of_three_is_the_new_one_for_somebody_without_habits() -> None:
    items = propose(PACK, [], [], [], NOW)
    assert [item.novel for item in items] == [False, False, True]
    boldness = [-catalogue_of(PACK).commonness(catalogue_of(PACK).row[item.product]) for item in items]
    assert boldness[2] >= boldness[1]


def test_what_also_suits_something_else_is_not_spoiled_by_a_dislike() -> None:
    shop = pack(
        [topic("drink", "tea", "cocoa", suits=True), topic("crumb", "dense", "airy")],
        [product("rusk", drink=("tea", "cocoa"), crumb="dense"), product("wafer", drink="tea", crumb="airy")],
    )
    known = [fact(1, "crumb", "dense"), fact(2, "drink", "cocoa", DISLIKES)]
    assert [item.product for item in propose(shop, known, [], [], NOW)] == ["rusk", "wafer"]


def test_what_suits_only_what_they_never_have_is_not_proposed() -> None:
    shop = pack(
        [topic("drink", "tea", "cocoa", suits=True)],
        [product("rusk", drink=("tea", "cocoa")), product("truffle", drink="cocoa")],
    )
    assert [item.product for item in propose(shop, [fact(1, "drink", "cocoa", NEVER)], [], [], NOW)] == [
        "rusk"
    ]


def test_who_likes_one_end_of_a_scale_wants_nothing_from_the_other() -> None:
    heat = topic("heat", "low", "medium", "high", scale=True)
    shop = pack([heat], [product(name, heat=name) for name in ("high", "medium", "low")])
    scores = {item.product: item.score for item in propose(shop, [fact(1, "heat", "low")], [], [], NOW)}
    assert scores["low"] > scores["medium"] > scores["high"]


def test_what_matches_most_comes_first() -> None:
    assert proposed(facts_of(crust="crackling", grain="rye"))[0] == "farmer"


def test_the_reasons_are_the_facts_that_matched() -> None:
    liked, missed = fact(1, "grain", "rye"), fact(2, "filling", "olives")
    items = {item.product: item for item in propose(PACK, [liked, missed], [], [], NOW)}
    assert {name: items[name].used for name in ("ciabatta",)} == {"ciabatta": (2,)}


def test_a_dislike_is_a_reason_for_what_avoids_it() -> None:
    dislike = fact(1, "crust", "crackling", DISLIKES)
    item = best([dislike])
    assert ("crackling" in PACK.products[item.product].attributes["crust"], item.used) == (False, (1,))


def test_on_a_scale_what_stands_beside_a_dislike_is_liked_less_than_what_is_far_from_it() -> None:
    scale = topic("heat", "low", "medium", "high", scale=True)
    shop = pack([scale], [product(name, heat=name) for name in ("high", "medium", "low")])
    items = propose(shop, [fact(1, "heat", "high", DISLIKES)], [], [], NOW)
    assert sorted(items, key=lambda item: -item.score)[1].product == "medium"


SHAPES = ("heat", "shape", "shade")


def one_favourite() -> ShopPack:
    """Only `x` has the first value of every topic; the four others have the second."""
    topics = [topic(name, "first", "second") for name in (*SHAPES, "scent")]
    favourite = product("x", heat="first", shape="first", shade="first", scent="first")
    others = [product(name, heat="second", shape="second", shade="second", scent="second") for name in "abcd"]
    return pack(topics, [favourite, *others])


def likes_of_favourite() -> list[Fact]:
    """Everything about `x` is liked but its scent, of which nothing was said."""
    return facts_of(**dict.fromkeys(SHAPES, "first"))


def test_a_dislike_outweighs_any_number_of_likes_while_there_are_other_products() -> None:
    shop, known = one_favourite(), likes_of_favourite()
    assert propose(shop, known, [], [], NOW)[0].product == "x"
    known.append(fact(9, "scent", "first", DISLIKES))
    assert "x" not in [item.product for item in propose(shop, known, [], [], NOW)]


def test_a_disliked_product_stays_away_however_well_it_would_suit() -> None:
    bad = Ordered("x", {}, NOW - DAY, Rating.DISLIKED, 1)
    items = propose(one_favourite(), likes_of_favourite(), [bad], [], NOW)
    assert "x" not in [item.product for item in items]


def test_what_was_turned_down_lately_stands_behind_its_equals() -> None:
    shown = [Shown("a", NOW - 3 * DAY, "rejected")]
    before = [item.product for item in propose(one_favourite(), [], [], [], NOW)]
    after = [item.product for item in propose(one_favourite(), [], [], shown, NOW)]
    assert ("a" in before, "a" in after) == (True, False)


def test_what_they_never_want_is_left_out() -> None:
    names = proposed([fact(1, "contains", "gluten", NEVER)])
    assert sorted(names) == ["goat", "rice"]


def test_a_newer_fact_weighs_more_than_an_old_one() -> None:
    old, new = fact(1, "grain", "rye", since=NOW - 3 * YEAR), fact(2, "filling", "olives")
    assert proposed([old, new])[0] == "ciabatta"


def test_exactly_one_is_outside_their_habits() -> None:
    items = propose(PACK, facts_of(crust="firm", grain="wheat"), [], [], NOW)
    assert [item.novel for item in items] == [False, False, True]


def test_the_new_one_differs_in_a_value_they_never_liked_or_had() -> None:
    known = facts_of(crust="crackling")
    new = propose(PACK, known, [], [], NOW)[-1]
    assert PACK.products[new.product].attributes["crust"] != ("crackling",)


def test_the_new_one_has_nothing_they_dislike() -> None:
    known = [fact(1, "crust", "crackling"), fact(2, "crust", "soft", DISLIKES)]
    new = propose(PACK, known, [], [], NOW)[-1]
    assert (new.novel, PACK.products[new.product].attributes["crust"]) == (True, ("firm",))


def test_the_two_others_are_not_twins() -> None:
    twin = replace(PACK.products["farmer"], id="farmer's twin")
    shop = replace(PACK, products={**PACK.products, twin.id: twin})
    names = [item.product for item in propose(shop, facts_of(crust="crackling"), [], [], NOW)]
    assert not {"farmer", "farmer's twin"} <= set(names[:2])


def test_what_is_out_of_stock_is_not_proposed() -> None:
    shop = replace(PACK, products={**PACK.products, "farmer": replace(PACK.products["farmer"], stock=0)})
    names = [item.product for item in propose(shop, facts_of(grain="rye"), [], [], NOW)]
    assert "farmer" not in names


def test_the_budget_holds() -> None:
    assert all(item.price <= 5 for item in propose(PACK, facts_of(limit="5", grain="spelt"), [], [], NOW))


def test_the_budget_is_held_at_the_price_of_the_size_they_want() -> None:
    small = propose(PACK, facts_of(limit="3.5", size="half", grain="spelt"), [], [], NOW)
    assert (small[0].product, small[0].price) == ("fruit", Decimal("3.5"))


def test_a_budget_below_every_price_leaves_the_nearest() -> None:
    assert set(proposed(facts_of(limit="1"))) == {"baguette", "ciabatta", "brioche"}


def test_nobody_is_surprised_with_something_rare_they_did_not_ask_for() -> None:
    rare = {"crust": ("crackling",), "grain": ("rice",), "contains": ("lactose",)}
    odd = replace(PACK.products["baguette"], id="airy", attributes=rare)
    shop = replace(PACK, products={**PACK.products, odd.id: odd})
    assert propose(shop, facts_of(crust="crackling"), [], [], NOW)[0].product != odd.id


def test_modules_are_filled_from_facts_and_the_rest_is_assumed() -> None:
    item = best(facts_of(cut="sliced"))
    assert (dict(item.options), item.assumed) == ({"cut": "sliced", "size": "full"}, ("size",))


def test_an_option_they_dislike_is_not_assumed() -> None:
    assert best([fact(1, "cut", "whole", DISLIKES)]).options["cut"] == "sliced"


def test_an_option_they_ordered_last_is_not_called_an_assumption() -> None:
    item = best([], ordered("baguette", size="half"))
    assert (item.options["size"], item.assumed) == ("half", ())


def test_a_product_they_disliked_is_not_proposed_again() -> None:
    known = facts_of(grain="rye")
    assert proposed(known)[0] in {"farmer", "pumpernickel"}
    assert "farmer" not in proposed(known, ordered("farmer", Rating.DISLIKED))


def test_a_disliked_product_pulls_down_what_it_is_made_of() -> None:
    known = facts_of(filling="seeds")
    before = {item.product: item.score for item in propose(PACK, known, [], [], NOW)}
    rated = ordered("farmer", Rating.DISLIKED)
    after = {item.product: item.score for item in propose(PACK, known, [rated], [], NOW)}
    assert after["goat"] < before["goat"]


def test_a_liked_product_raises_those_like_it() -> None:
    rated = ordered("farmer", Rating.LIKED)
    before, after = (
        {item.product: item.score for item in propose(PACK, [], history, [], NOW, count=8)}
        for history in ([], [rated])
    )
    assert after["farmer"] == max(after.values()) > 0.5
    likeness = {product: after[product] - before[product] for product in before}
    assert likeness["baguette"] == likeness["pumpernickel"] > likeness["fruit"] > likeness["rice"]


def test_what_a_liked_product_shares_with_a_disliked_one_is_spared() -> None:
    liked, bad = ordered("pumpernickel", Rating.LIKED, number=1), ordered("farmer", Rating.DISLIKED, number=2)
    assert best([], liked, bad).product == "pumpernickel"


def test_a_later_better_rating_brings_a_product_back() -> None:
    bad, good = ordered("farmer", Rating.DISLIKED, 50), ordered("farmer", Rating.LIKED, 2)
    assert "farmer" in proposed(facts_of(grain="rye"), bad, good)


@pytest.mark.parametrize("outcome", ["rejected", "other"])
def test_what_was_just_turned_down_is_not_shown_again(outcome: str) -> None:
    known = facts_of(crust="soft")
    first = propose(PACK, known, [], [], NOW)
    shown = tuple(Shown(item.product, NOW - timedelta(minutes=1), outcome) for item in first)
    assert not set(proposed(known, shown=shown)) & {item.product for item in first}


def test_what_sets_a_refused_product_apart_counts_a_little_less() -> None:
    known = facts_of(filling="seeds")
    before = {item.product: item.score for item in propose(PACK, known, [], [], NOW)}
    refused = [Shown("farmer", NOW - 2 * DAY, "rejected")]
    after = {item.product: item.score for item in propose(PACK, known, [], refused, NOW)}
    assert after["goat"] < before["goat"]


def test_what_was_turned_down_long_ago_may_come_again() -> None:
    known = facts_of(grain="rye")
    first = propose(PACK, known, [], [], NOW)
    shown = tuple(Shown(item.product, NOW - 90 * DAY, "rejected") for item in first)
    assert proposed(known, shown=shown)[0] == first[0].product


def test_when_everything_was_turned_down_nothing_is_left_to_propose() -> None:
    shown = tuple(Shown(name, NOW, "rejected") for name in PACK.products)
    assert proposed([], shown=shown) == []


def test_an_ignored_proposal_may_be_made_again() -> None:
    known = facts_of(grain="rye")
    shown = tuple(Shown(item.product, NOW, "ignored") for item in propose(PACK, known, [], [], NOW))
    assert proposed(known, shown=shown) == proposed(known)


def test_what_is_chosen_anew_each_time_is_not_taken_from_the_last_order() -> None:
    sizes = replace(PACK.modules["size"], once=True)
    shop = replace(PACK, modules={**PACK.modules, "size": sizes})
    item = propose(shop, [], [ordered("farmer", size="half")], [], NOW)[0]
    assert (item.options["size"], item.assumed) == (sizes.default, ("size",))


def test_the_usual_is_what_the_last_two_orders_agree_on() -> None:
    older, last = ordered("farmer", None, 20, 1, cut="sliced"), ordered("farmer", None, 6, 2, cut="sliced")
    assert usual([last, ordered("goat", None, 90, 3), older]) == last


def test_two_different_orders_make_no_usual() -> None:
    assert usual([ordered("farmer", None, 20, 1), ordered("farmer", None, 6, 2, cut="sliced")]) is None


def test_a_single_order_is_the_usual_once_it_was_liked() -> None:
    assert usual([ordered("goat")]) is None
    assert usual([ordered("goat", Rating.LIKED)]) == ordered("goat", Rating.LIKED)


def test_what_was_disliked_last_is_no_usual() -> None:
    assert usual([ordered("goat", None, 9, 1), ordered("goat", Rating.DISLIKED, 2, 2)]) is None


def test_the_usual_is_made_again_at_the_price_of_today() -> None:
    again = as_usual(PACK, ordered("goat", size="half"))
    assert again is not None
    assert (again.product, again.price, again.assumed) == ("goat", Decimal("4.5"), ())


def test_the_usual_that_ran_out_is_not_promised() -> None:
    shop = replace(PACK, products={"goat": replace(PACK.products["goat"], stock=0)})
    assert as_usual(shop, ordered("goat")) is None


def test_another_option_changes_the_price_and_is_no_assumption() -> None:
    item = best([])
    half = reconfigure(PACK, item, "size", "half")
    assert (half.price, half.assumed) == (Decimal("0.5") * item.price, ("cut",))


def test_an_option_that_is_not_made_is_refused() -> None:
    with pytest.raises(KeyError):
        reconfigure(PACK, best([]), "size", "giant")


def test_another_shop_proposes_its_own_products() -> None:
    items = propose(bicycles(), facts_of(frame="steel", gears="single"), [], [], NOW)
    assert items[0].product == "courier"
    assert {item.product for item in items} <= set(bicycles().products)


def test_the_seed_orders_only_what_is_equally_good() -> None:
    known = facts_of(grain="rye", crust="crackling")
    assert {propose(PACK, known, [], [], NOW, seed=seed)[0].product for seed in range(9)} == {"farmer"}


@st.composite
def some_facts(draw: st.DrawFn) -> list[Fact]:
    """Facts about any topics, each value once."""
    pairs = [(t.name, code) for t in PACK.topics.values() for code in t.values]
    chosen = draw(st.lists(st.sampled_from(pairs), unique=True, max_size=8))
    polarities = draw(st.lists(st.sampled_from(Polarity), min_size=len(chosen), max_size=len(chosen)))
    ages = draw(st.lists(st.integers(0, 900), min_size=len(chosen), max_size=len(chosen)))
    facts = [
        fact(n, topic, code, polarity, since=NOW - age * DAY)
        for n, ((topic, code), polarity, age) in enumerate(zip(chosen, polarities, ages, strict=True), 1)
    ]
    limit = draw(st.none() | st.integers(1, 12))
    return facts if limit is None else [*facts, fact(99, "limit", str(limit))]


names = st.sampled_from(sorted(PACK.products))
ratings = st.none() | st.sampled_from(Rating)
histories = st.lists(st.builds(ordered, names, ratings, st.integers(0, 400), st.integers(1, 9)), max_size=5)
outcomes = st.sampled_from(["open", "accepted", "changed", "rejected", "ignored", "other"])
shows = st.lists(
    st.builds(lambda p, d, o: Shown(p, NOW - d * DAY, o), names, st.integers(0, 60), outcomes), max_size=6
)


@given(some_facts(), histories, shows, st.integers(0, 4))
def test_a_proposal_keeps_its_promises(
    facts: list[Fact], history: list[Ordered], shown: list[Shown], count: int
) -> None:
    items = propose(PACK, facts, history, shown, NOW, count=count)
    assert len(items) <= count
    assert len({item.product for item in items}) == len(items)
    assert sum(item.novel for item in items) <= 1
    assert all(item.price >= item.cost for item in items)
    assert all(set(item.used) <= {one.id for one in facts} for item in items)
    assert all(len(item.used) == len(set(item.used)) for item in items)


@given(some_facts(), histories, shows)
def test_what_is_never_wanted_is_never_proposed(
    facts: list[Fact], history: list[Ordered], shown: list[Shown]
) -> None:
    never = {(one.topic, one.value) for one in facts if one.polarity is NEVER}
    for item in propose(PACK, facts, history, shown, NOW):
        attributes = PACK.products[item.product].attributes
        assert not {(topic, code) for topic, codes in attributes.items() for code in codes} & never


@given(some_facts(), histories, shows)
def test_the_same_input_gives_the_same_proposal(
    facts: list[Fact], history: list[Ordered], shown: list[Shown]
) -> None:
    again = propose(bakery(), list(reversed(facts)), history, shown, NOW)
    assert propose(PACK, facts, history, shown, NOW) == again


def test_an_order_tells_most_about_what_few_others_have() -> None:
    shop = pack(
        [topic("grain", "rye", "spelt"), topic("crumb", "dense", "airy")],
        [product("loaf", grain="rye", crumb="dense"), product("roll", grain="rye", crumb="airy")],
    )
    catalogue = catalogue_of(shop)
    history = [Ordered("loaf", {}, NOW, Rating.LIKED, 1)]
    weights = tastes_of(catalogue, beliefs([], shop, NOW), history, [], NOW).weights
    column = catalogue.column
    assert weights[column["crumb", "dense"]] > weights.get(column["grain", "rye"], 0.0) == 0.0


def test_each_of_several_is_unlike_all_before_it_and_not_only_the_last() -> None:
    shop = pack(
        [topic("grain", "rye", "spelt", "oat"), topic("crumb", "dense", "airy", "flat")],
        [
            product("a", grain="rye", crumb="dense"),
            product("b", grain="rye", crumb="dense"),
            product("c", grain="spelt", crumb="airy"),
            product("d", grain="oat", crumb="flat"),
        ],
    )
    catalogue = catalogue_of(shop)
    tastes = tastes_of(catalogue, beliefs([], shop, NOW), [], [], NOW)
    tastes = replace(tastes, habits=frozenset({("grain", "rye")}))
    ranks = np.array([1.0, 0.99, 0.98, 0.9])
    field = Field(catalogue, tastes, ranks=ranks, shove=np.zeros(4), pushes=0)
    picks = [catalogue.products[pick.row].id for pick in chosen(field, np.arange(4), 4)]
    assert picks == ["a", "c", "d", "b"]


def test_what_is_new_to_them_is_nothing_for_special_wishes() -> None:
    plain = [product(f"p{number}", grain="rye", rite="none") for number in range(8)]
    other = [product(name, grain="spelt", rite="none") for name in ("s", "t", "u")]
    special = product("q", grain="rye", rite="kosher")
    shop = pack([topic("grain", "rye", "spelt"), topic("rite", "none", "kosher")], [*plain, special, *other])
    catalogue = catalogue_of(shop)
    worth = np.array([1.1, *[0.9] * 7, 1.0, 0.5, 0.4, 0.4])
    tastes = tastes_of(catalogue, beliefs([], shop, NOW), [], [], NOW)
    tastes = replace(tastes, habits=frozenset({("grain", "rye")}), utility=worth)
    field = Field(catalogue, tastes, ranks=worth, shove=np.zeros(12), pushes=0)
    [_, new] = chosen(field, np.arange(12), 2)
    assert (catalogue.products[new.row].id, new.novel) == ("s", True)
