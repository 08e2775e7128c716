"""Which product somebody takes to next."""

from __future__ import annotations

import numpy as np
from scipy import sparse

from one_to_one.likely import Likely, learn, signs_of

PEOPLE, PRODUCTS = 60, 30


def two_camps() -> tuple[sparse.csr_array, sparse.csr_array, sparse.csr_array]:
    """Half the people have products of the first half, the others of the second; and take to more of them."""
    chance = np.random.default_rng(1)
    had, took = np.zeros((PEOPLE, PRODUCTS)), np.zeros((PEOPLE, PRODUCTS))
    for person in range(PEOPLE):
        own = chance.permutation(PRODUCTS // 2) + (PRODUCTS // 2) * (person % 2)
        had[person, own[:6]] = 1
        took[person, own[6:9]] = 1
    held = np.zeros((PRODUCTS, 3))
    held[: PRODUCTS // 2, 0] = held[PRODUCTS // 2 :, 1] = 1
    held[::3, 2] = 1
    return sparse.csr_array(had), sparse.csr_array(took), sparse.csr_array(held)


def learned() -> Likely:
    had, took, held = two_camps()
    return learn(signs_of(had, held), had, took)


def test_what_goes_with_theirs_is_likelier() -> None:
    chances = learned().chances(np.array([0, 1, 2]))
    assert chances[3 : PRODUCTS // 2].min() > chances[PRODUCTS // 2 :].max()


def test_chances_sum_to_one_and_what_they_have_is_out() -> None:
    chances = learned().chances(np.array([0, 1, 2]))
    assert abs(chances.sum() - 1.0) < 1e-9
    assert chances[[0, 1, 2]].tolist() == [0, 0, 0]


def test_a_product_nobody_has_is_judged_by_its_properties() -> None:
    had, took, held = two_camps()
    unheard = had.copy().toarray()
    unheard[:, 5] = 0
    likely = learn(signs_of(sparse.csr_array(unheard), held), sparse.csr_array(unheard), took)
    assert likely.chances(np.array([0, 1, 2]))[5] > likely.chances(np.array([20, 21, 22]))[5]


def test_of_somebody_who_has_nothing_something_is_expected_all_the_same() -> None:
    chances = learned().chances(np.zeros(0, dtype=np.intp))
    assert np.isfinite(chances).all()
    assert (chances > 0).all()


def test_without_anybody_to_learn_from_all_are_equally_likely() -> None:
    had, _, held = two_camps()
    nobody = sparse.csr_array((PEOPLE, PRODUCTS))
    chances = learn(signs_of(had, held), had, nobody).chances(np.array([0]))
    assert np.allclose(chances[1:], 1.0 / (PRODUCTS - 1))
