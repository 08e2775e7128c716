"""The way of an order."""

from __future__ import annotations

import pytest

from one_to_one.order_states import BOUGHT, NEXT, UNDER_WAY, OrderState, may_follow


def test_every_state_can_be_reached_and_every_way_ends() -> None:
    reached, fresh = {OrderState.DRAFT}, {OrderState.DRAFT}
    while fresh:
        fresh = {after for state in fresh for after in NEXT[state]} - reached
        reached |= fresh
    assert reached == set(OrderState) - {OrderState.REPLACED}
    assert {state for state in reached if not NEXT[state]} == {OrderState.DONE, OrderState.CANCELLED}


def test_what_an_order_was_never_moves() -> None:
    assert not any(may_follow("replaced", each) or may_follow(each, "replaced") for each in OrderState)


def test_what_was_sent_is_not_called_back() -> None:
    assert not may_follow("sent", "cancelled")
    assert not may_follow("done", "cancelled")
    assert not may_follow("cancelled", "placed")


@pytest.mark.parametrize("state", ["imported", "", "lost"])
def test_what_is_no_state_of_ours_never_moves(state: str) -> None:
    assert not any(may_follow(state, each) for each in OrderState)
    assert not may_follow("placed", state)


def test_what_is_under_way_was_bought() -> None:
    assert UNDER_WAY < BOUGHT
    assert OrderState.DRAFT not in BOUGHT
