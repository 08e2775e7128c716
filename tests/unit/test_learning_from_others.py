"""What others teach: how new things were taken, what was ordered together, what people alike chose."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from one_to_one import alike, exploring
from one_to_one.alike import CUSTOMERS, Alike, learned
from one_to_one.catalogue import catalogue_of
from one_to_one.crowd import crowd_of_catalogue
from one_to_one.exploring import FEWEST, Appeal, Trial, appeal_of
from one_to_one.facts import Polarity
from one_to_one.history import Ordered, Rating
from one_to_one.insight import ENOUGH, Insight
from one_to_one.proposals import propose
from tests.unit.packs import NOW, bakery, fact, facts_of, pack, product, topic

PACK = bakery()


def tried(name: str, taken: int, left: int) -> list[Trial]:
    """So many different people took it, and so many didn't."""
    took = [Trial(f"{name}{n}", name, "accepted", True) for n in range(taken)]
    return took + [Trial(f"{name}-{n}", name, "rejected", False) for n in range(left)]


def many_new() -> tuple[list[str], object]:
    """A shop where ten loaves are equally new to whoever likes rye."""
    grains = [f"grain{n}" for n in range(10)]
    return grains, pack(
        [topic("grain", "rye", *grains)],
        [product("r", grain="rye"), product("s", grain="rye"), *(product(g, grain=g) for g in grains)],
    )


def novelties(insight: Insight, seeds: range) -> list[str]:
    """What is new in the proposals of different customers."""
    _, shop = many_new()
    found = []
    for seed in seeds:
        items = propose(shop, facts_of(grain="rye"), [], [], NOW, seed=seed, insight=insight)  # type: ignore[arg-type]
        found += [item.product for item in items if item.novel]
    return found


def test_different_customers_try_different_new_things() -> None:
    found = novelties(Insight(), range(1, 60))
    assert (len(found), len(set(found)) >= 6) == (59, True)


def test_the_same_customer_and_proposal_give_the_same_draw() -> None:
    assert novelties(Insight(), range(7, 9)) == novelties(Insight(), range(7, 9))


def test_what_was_taken_is_tried_more_and_what_failed_less() -> None:
    grains, shop = many_new()
    trials = [*tried(grains[0], 30, 10), *tried(grains[1], 0, 40)]
    found = novelties(Insight(appeal=appeal_of(trials, shop)), range(1, 200))  # type: ignore[arg-type]
    others = np.mean([found.count(name) for name in grains[2:]])
    assert found.count(grains[0]) > 2 * others
    assert found.count(grains[1]) < others / 2


def test_exploring_finds_the_best_of_the_new() -> None:
    """Customers take each new loaf with its own chance; what is tried should drift to the likeliest."""
    grains, shop = many_new()
    dice, chances = np.random.default_rng(5), dict(zip(grains, np.linspace(0.05, 0.7, 10), strict=True))
    trials: list[Trial] = []
    tries: list[str] = []
    for person in range(1, 501):
        insight = Insight(appeal=appeal_of(trials, shop))  # type: ignore[arg-type]
        items = propose(shop, facts_of(grain="rye"), [], [], NOW, seed=person, insight=insight)  # type: ignore[arg-type]
        new = items[-1].product
        took = bool(dice.random() < chances[new])
        trials.append(Trial(str(person), new, "accepted" if took else "rejected", took))
        tries.append(new)
    early, late = (np.mean([chances[name] for name in part]) for part in (tries[:100], tries[-100:]))
    assert late > early + 0.1


def test_what_few_people_were_shown_is_not_kept() -> None:
    few, enough = tried("rice", FEWEST - 1, 0), tried("goat", FEWEST, 0)
    known = appeal_of([*few, *enough], PACK)
    assert set(known.products) == {"goat"}
    assert ("grain", "rice") not in known.values


def test_one_person_many_times_is_one_person() -> None:
    assert appeal_of([Trial("p", "goat", "rejected", False)] * 50, PACK) == Appeal()


def test_the_new_one_is_never_against_a_never_or_a_dislike_whatever_others_take() -> None:
    loved = appeal_of(tried("rice", 50, 0), PACK)
    for polarity in (Polarity.DISLIKES, Polarity.NEVER):
        known = [fact(1, "crust", "crackling"), fact(2, "grain", "rice", polarity)]
        for seed in range(1, 30):
            items = propose(PACK, known, [], [], NOW, seed=seed, insight=Insight(appeal=loved))
            assert "rice" not in [item.product for item in items if item.novel]


def test_what_is_new_is_told() -> None:
    [new] = [item for item in propose(PACK, facts_of(crust="crackling"), [], [], NOW) if item.novel]
    assert new.new_in
    for name, code in new.new_in:
        assert code in PACK.products[new.product].attributes[name]
        assert (name, code) != ("crust", "crackling")


def test_the_appeal_comes_back_from_its_file_as_it_was() -> None:
    known = appeal_of(tried("goat", 6, 3), PACK)
    assert exploring.from_json(exploring.to_json(known)) == known


def baskets(people: int) -> list[tuple[str, str]]:
    """Two tastes: who orders farmer orders pumpernickel too, who orders brioche orders fruit too."""
    pairs = [("farmer", "pumpernickel"), ("brioche", "fruit")]
    return [(f"p{n}", name) for n in range(people) for name in (*pairs[n % 2], f"odd{n % 40}")]


def test_nothing_is_claimed_before_enough_people_ordered() -> None:
    few = learned(baskets(CUSTOMERS - 1))
    assert (few.near, few.customers) == ({}, CUSTOMERS - 1)


def test_what_is_ordered_together_is_learned() -> None:
    near = learned(baskets(120)).near
    assert near["farmer"][0][0] == "pumpernickel"
    assert "fruit" not in dict(near["farmer"])


def test_pairs_that_few_people_share_are_not_kept() -> None:
    assert not any(name.startswith("odd") for near in learned(baskets(120)).near.values() for name, _ in near)


def test_an_order_draws_to_what_others_ordered_with_it_and_says_so() -> None:
    liked = Ordered("farmer", {}, NOW, Rating.LIKED, 1)
    near = Insight(alike=Alike(100, 400, {"farmer": (("fruit", 1.0),)}))
    plain = {i.product: i.score for i in propose(PACK, [], [liked], [], NOW, count=8)}
    drawn = {i.product: i for i in propose(PACK, [], [liked], [], NOW, count=8, insight=near)}
    assert drawn["fruit"].score > plain["fruit"]
    assert (drawn["fruit"].alike, drawn["rice"].alike) == ("farmer", None)


def test_what_was_disliked_draws_to_nothing() -> None:
    bad = Ordered("farmer", {}, NOW, Rating.DISLIKED, 1)
    near = Alike(100, 400, {"farmer": (("fruit", 1.0),)})
    total, because = near.drawn_to(catalogue_of(PACK), [bad])
    assert (bool(total.any()), dict(because)) == (False, {})


def test_what_was_ordered_together_comes_back_from_its_file_as_it_was() -> None:
    known = learned(baskets(120))
    assert alike.from_json(alike.to_json(known)) == known


def test_the_crowd_counts_once_it_is_one() -> None:
    small = crowd_of_catalogue(PACK)
    catalogue = catalogue_of(PACK)
    given = {"grain": ["rye"]}
    assert not Insight(crowd=replace(small, customers=ENOUGH - 1)).expected(catalogue, given).any()
    told = Insight(crowd=replace(small, customers=ENOUGH)).expected(catalogue, given)
    assert told[catalogue.row["farmer"]] > told[catalogue.row["rice"]]
