"""What is put together choice by choice can be made, or is mended as little as possible."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from one_to_one.configuring.fitting import fitting
from one_to_one.configuring.holding import broken_rules
from one_to_one.pricing import complete
from tests.unit.made_packs import computers, everything

SHOP = computers()
TOWER = next(iter(SHOP.products.values()))
MADE = list(everything(SHOP, TOWER))


def test_what_can_be_made_stays_as_it_is() -> None:
    for options in MADE[:50]:
        assert fitting(SHOP, TOWER, options) == options


@given(st.data())
@settings(max_examples=40)
def test_any_choices_lead_to_something_that_can_be_made(data: st.DataObject) -> None:
    modules = SHOP.modules_of(TOWER)
    single = {name: module for name, module in modules.items() if not module.several}
    given_ = {name: data.draw(st.sampled_from(list(module.options))) for name, module in single.items()}
    assert not broken_rules(SHOP, TOWER, fitting(SHOP, TOWER, given_))


def test_what_is_assumed_gives_way_to_what_was_chosen() -> None:
    choices = [
        {"cpu": cpu, "board": board}
        for cpu in SHOP.modules["cpu"].options
        for board in SHOP.modules["board"].options
    ]
    clashing = [one for one in choices if broken_rules(SHOP, TOWER, complete(SHOP, TOWER, one))]
    assert clashing
    for one in clashing:
        if any(made["cpu"] == one["cpu"] for made in MADE):
            assert fitting(SHOP, TOWER, one, assumed={"board"})["cpu"] == one["cpu"]
