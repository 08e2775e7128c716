"""What is left of what was counted: exact, whoever comes at the same time."""

from __future__ import annotations

import asyncio
from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from crm_store.store import Store

ONE = {"rye": Decimal(1)}


async def take(store: Store, wanted: dict[str, Decimal], counted: dict[str, int]) -> str | None:
    async with store.transaction() as books:
        return await books.stock.take(wanted, counted)


async def left(store: Store) -> dict[str, Decimal]:
    async with store.reading() as books:
        return {item: units for item, (_, units) in (await books.stock.left()).items()}


async def test_of_many_who_want_the_last_ones_no_more_get_one_than_there_are(store: Store) -> None:
    told = await asyncio.gather(*(take(store, ONE, {"rye": 3}) for _ in range(8)))
    assert sorted(map(str, told)) == ["None"] * 3 + ["rye"] * 5
    assert await left(store) == {"rye": Decimal(0)}


async def test_all_or_nothing_is_taken(store: Store) -> None:
    wanted = {"rye": Decimal(2), "adapter": Decimal(1), "box": Decimal(5)}
    assert await take(store, wanted, {"rye": 9, "adapter": 9, "box": 4}) == "box"
    assert {item: units for item, units in (await left(store)).items() if item != "box"} == {
        "adapter": Decimal(9)
    }
    assert await take(store, {"rye": Decimal(9)}, {"rye": 9}) is None


async def test_a_new_count_in_the_pack_begins_anew(store: Store) -> None:
    await take(store, ONE, {"rye": 3})
    assert await take(store, ONE, {"rye": 10}) is None
    assert await left(store) == {"rye": Decimal(9)}


async def test_parts_of_a_unit_are_counted_exactly(store: Store) -> None:
    for _ in range(10):
        assert await take(store, {"rye": Decimal("1.9")}, {"rye": 19}) is None
    assert await left(store) == {"rye": Decimal(0)}
    assert await take(store, {"rye": Decimal("0.001")}, {"rye": 19}) == "rye"


@given(
    steps=st.lists(
        st.tuples(st.booleans(), st.sampled_from(["a", "b"]), st.integers(1, 4)), min_size=1, max_size=12
    )
)
@settings(max_examples=15)
async def test_whatever_is_taken_and_given_back_adds_up(
    store: Store, steps: list[tuple[bool, str, int]]
) -> None:
    counted = {"a": 5, "b": 7}
    held = {"a": 0, "b": 0}
    async with store.transaction() as books:
        for item, had in counted.items():
            await books.stock.take({item: Decimal(0)}, {item: had})
            await books.stock.recount(item, had * 1000, even_if_same=True)
        for taking, item, units in steps:
            if taking:
                short = await books.stock.take({item: Decimal(units)}, {item: counted[item]})
                assert (short is None) == (held[item] + units <= counted[item])
                held[item] += units if short is None else 0
            elif held[item] >= units:
                await books.stock.give_back({item: Decimal(units)})
                held[item] -= units
        found = {item: units for item, (_, units) in (await books.stock.left()).items()}
    assert found == {item: counted[item] - held[item] for item in counted}
