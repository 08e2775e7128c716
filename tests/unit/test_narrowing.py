"""Asking about one property, or proposing now: what finds it sooner."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import sparse

from one_to_one.narrowing import Search, search

HALVES = 6


def halves(things: int = 2**HALVES) -> sparse.csr_array:
    """Things told apart entirely by as many yes-or-no properties as it takes."""
    numbers = np.arange(things)[:, None] >> np.arange(HALVES)[None]
    return sparse.csr_array((numbers & 1).astype(float))


def even(rounds: int, *, batch: int = 1, heeds_no: bool = True) -> Search:
    return search(np.ones(2**HALVES), halves(), rounds, batch=batch, heeds_no=heeds_no)


def play(begun: Search, target: int) -> int:
    """Rounds until the target is proposed; 0: never."""
    now, rounds = begun, begun.rounds
    for number in range(1, rounds + 1):
        asked = now.move()
        if asked is not None:
            now = now.told(asked, bool(halves()[target, asked]))
        elif target in now.proposal:
            return number
        else:
            now = now.turned_down()
    return 0


def test_with_much_to_tell_apart_it_asks_and_halves_what_is_left() -> None:
    begun = even(8)
    asked = begun.move()
    assert asked is not None
    assert len(begun.told(asked, True).things) == len(begun.things) // 2
    assert asked not in _open(begun.told(asked, True))


def _open(now: Search) -> list[int]:
    return np.flatnonzero(now.open).tolist()


def test_whatever_is_wanted_is_found_by_halving() -> None:
    assert all(play(even(HALVES + 2), target) for target in range(2**HALVES))


def test_in_the_last_round_it_proposes() -> None:
    assert even(1).move() is None


def test_what_is_nearly_certain_is_proposed_at_once() -> None:
    chances = np.array([0.97] + [0.03 / 63] * 63)
    assert search(chances, halves(), 8, batch=1).move() is None


def test_when_all_fit_one_proposal_nothing_is_asked() -> None:
    assert search(np.ones(8), halves(8), 8, batch=8).move() is None


def test_a_property_that_everything_has_is_never_asked_about() -> None:
    held = sparse.csr_array(np.ones((40, 3)))
    assert search(np.ones(40), held, 9, batch=2).move() is None


def test_a_no_that_is_not_heeded_changes_only_what_can_be_asked() -> None:
    begun = even(8, heeds_no=False)
    after = begun.told(0, False)
    assert after.things.tolist() == begun.things.tolist()
    assert after.chances.tolist() == begun.chances.tolist()
    assert _open(after) == [1, 2, 3, 4, 5]
    assert after.rounds == 7


def test_a_no_that_is_heeded_rules_out_what_has_the_property() -> None:
    after = even(8).told(0, False)
    assert all(thing % 2 == 0 for thing in after.things)


def test_what_was_turned_down_is_not_proposed_again() -> None:
    begun = even(8, batch=5)
    assert not set(begun.proposal.tolist()) & set(begun.turned_down().things.tolist())


def test_impossible_things_are_left_out_and_the_likeliest_come_first() -> None:
    begun = search(np.array([0.1, 0.0, 0.6, 0.3]), halves(4), 5)
    assert begun.things.tolist() == [2, 3, 0]


@given(st.integers(0, 2**HALVES - 1), st.integers(1, 12), st.booleans())
def test_no_search_outlasts_its_rounds_or_asks_twice(target: int, rounds: int, heeds_no: bool) -> None:
    now, asked_before = even(rounds, batch=3, heeds_no=heeds_no), set[int]()
    while now.rounds > 0 and len(now.things):
        asked = now.move()
        if asked is None:
            now = now.turned_down()
        else:
            assert asked not in asked_before
            asked_before.add(asked)
            now = now.told(asked, bool(halves()[target, asked]))
    assert len(asked_before) <= rounds


@pytest.mark.parametrize("heeds_no", [True, False])
def test_asking_finds_more_than_proposing_alone(heeds_no: bool) -> None:
    targets = range(2**HALVES)
    found = sum(play(even(9, batch=2, heeds_no=heeds_no), target) > 0 for target in targets)
    assert found > 9 * 2
