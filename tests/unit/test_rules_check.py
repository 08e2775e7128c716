"""What `shop check` says about modules and rules: in plain words, with file and line."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from one_to_one.configuring.workshop import workshop_of
from one_to_one.pack import Problem, read_pack
from one_to_one.pricing import cost, price
from one_to_one.rules import AtMost, Excludes, Needs, Rows, Same, Sum
from tests.unit.example_pack import ExamplePack, example_pack

CATALOGUE = "catalogue.yml"

MODULES = """\
modules:
  cut:
    default: whole
    options: {whole: {}, sliced: {price: 5, cost: 1}}
  seeds:
    label: {zh-Hant: 種子, en: seeds}
    default: none
    optional: true
    several: true
    most: 2
    options:
      poppy: {label: {zh-Hant: 罌粟, en: poppy}, price: 4, has: {oven: 1, kind: small}}
      pumpkin: {label: {zh-Hant: 南瓜, en: pumpkin}, price: 6, cost: 2, groups: [bakers], lead_days: 2}
      sesame: {label: {zh-Hant: 芝麻, en: sesame}, until: 2026-03-31, stock: 3}
  weight:
    label: {zh-Hant: 重量, en: weight}
    default: 500
    number:
      from: 500
      to: 1500
      step: 250
      unit: {zh-Hant: 克, en: g}
      per_unit: {price: 0.1, cost: 0.05, above: 500}
      tiers: [{from: 500}, {from: 1250, price: 20, cost: 9}]
  tin:
    label: {zh-Hant: 模具, en: tin}
    default: small
    products: [rye]
    options:
      small: {label: {zh-Hant: 小, en: small}, has: {room: 1, kind: small}}
      large: {label: {zh-Hant: 大, en: large}, has: {room: 3, kind: large}}
"""

WHY = "why: {zh-Hant: 就是這樣, en: that is how it is}"


@pytest.fixture
def bakery(tmp_path: Path) -> ExamplePack:
    """The example with modules of every kind; rules follow."""
    example = example_pack(tmp_path)
    text = example.text(CATALOGUE)
    products = text[text.index("products:") : text.index("offers:")]
    products = products.replace("cost: 60", "cost: 60\n    quantity_prices: [{from: 5, factor: 0.9}]")
    example.write(CATALOGUE, f"{products}{MODULES}")
    return example


def rules(bakery: ExamplePack, *written: str) -> int:
    """Write rules, each without its `why`; the line of the first."""
    first = bakery.lines(CATALOGUE) + 1
    lines = "rules:\n" + "".join(f"  - {{{rule}, {WHY}}}\n" for rule in written)
    bakery.write(CATALOGUE, bakery.text(CATALOGUE) + lines)
    return first


def only(problems: list[Problem]) -> Problem:
    [problem] = problems
    return problem


def test_every_kind_of_rule_is_read(bakery: ExamplePack) -> None:
    (bakery.folder / "sizes.csv").write_text(
        "tin,weight\nsmall,500\nlarge,500\nlarge,1000\n", encoding="utf-8"
    )
    rules(
        bakery,
        "id: cold, when: {seeds: poppy}, then: {cut: whole}",
        "id: thick, excludes: {cut: sliced, weight: [1250, 1500]}",
        "id: big, option: {seeds: pumpkin}, only_with: {tin: large}",
        "id: few, at_most: 1, of: {seeds: [poppy, sesame]}",
        "id: oven, sum: oven, most: room",
        "id: heavy, sum: oven, most: 2.5",
        "id: kinds, same: kind, of: [cut, tin]",
        "id: sizes, table: [weight, tin], rows_from: sizes.csv",
    )
    pack = read_pack(bakery.folder)
    assert [type(rule) for rule in pack.rules] == [Needs, Excludes, Needs, AtMost, Sum, Sum, Same, Rows]
    sizes = pack.rules[-1]
    assert isinstance(sizes, Rows)
    assert sizes.rows == (("500", "small"), ("500", "large"), ("1000", "large"))


def test_all_that_makes_a_price_is_counted(bakery: ExamplePack) -> None:
    pack = read_pack(bakery.folder)
    rye = pack.products["rye"]
    options = {"cut": "sliced", "seeds": "poppy+pumpkin", "weight": "1250", "tin": "small"}
    assert price(pack, rye, options) == Decimal(160 + 5 + 4 + 6 + 75 + 20)
    assert cost(pack, rye, options) == Decimal("60") + 1 + 2 + Decimal("37.5") + 9
    assert price(pack, rye, options, 4) == 270
    assert price(pack, rye, options, 5) == 245  # 243, rounded up to a multiple of 5
    assert price(pack, rye, {"seeds": "none"}) == 160


def test_a_number_is_chosen_among_its_steps(bakery: ExamplePack) -> None:
    weight = read_pack(bakery.folder).modules["weight"]
    assert list(weight.options) == ["500", "750", "1000", "1250", "1500"]
    assert weight.options["750"].label == {"zh-Hant": "750 克", "en": "750 g"}


def test_what_can_be_had_depends_on_the_day_the_customer_and_the_stock(bakery: ExamplePack) -> None:
    workshop = workshop_of(read_pack(bakery.folder))
    assert workshop.left("rye", day=date(2026, 3, 31))["seeds"] == ("poppy", "sesame", "none")
    assert workshop.left("rye", day=date(2026, 4, 1))["seeds"] == ("poppy", "none")
    assert workshop.left("rye", groups={"bakers"})["seeds"] == ("poppy", "pumpkin", "sesame", "none")
    assert workshop.left("rye", quantity=4)["seeds"] == ("poppy", "none")
    assert "tin" not in workshop.left("milk_bread")


def test_rules_that_contradict_each_other_are_told_with_their_lines(bakery: ExamplePack) -> None:
    line = rules(
        bakery,
        "id: always, when: {cut: [whole, sliced]}, then: {seeds: poppy}",
        "id: never, when: {cut: [whole, sliced]}, then: {seeds: none}",
    )
    told = f"`always` (line {line}) and `never` (line {line + 1}) can't be kept together."
    assert [(problem.file, problem.line, problem.text) for problem in bakery.problems] == [
        (CATALOGUE, line, f"Nothing can be made of `milk_bread`: {told}"),
        (CATALOGUE, line, f"Nothing can be made of `rye`: {told}"),
    ]


def test_a_dead_option_is_told_with_the_rules_that_kill_it(bakery: ExamplePack) -> None:
    line = rules(
        bakery,
        "id: cold, when: {seeds: poppy}, then: {cut: sliced}",
        "id: thick, excludes: {cut: sliced, seeds: poppy}",
    )
    problem = only(bakery.problems)
    assert problem.text == (
        f"`poppy` of seeds can never be had, because of `cold` (line {line}) and `thick` (line {line + 1}). "
        "Mend that, or take it out."
    )
    assert bakery.text(CATALOGUE).splitlines()[problem.line - 1].strip().startswith("poppy:")


def test_an_option_that_is_always_on_is_told(bakery: ExamplePack) -> None:
    line = rules(bakery, "id: must, when: {cut: [whole, sliced]}, then: {seeds: poppy}")
    told = [problem.text for problem in bakery.problems]
    assert (
        f"`poppy` of seeds is always on: without it nothing can be made, because of `must` (line {line}). "
        "Mend that, or make it a part of the product."
    ) in told


def test_needs_that_go_round_in_a_circle_are_told(bakery: ExamplePack) -> None:
    line = rules(
        bakery,
        "id: one, when: {cut: sliced}, then: {seeds: poppy}",
        "id: two, when: {seeds: poppy}, then: {weight: 750}",
        "id: three, when: {weight: 750}, then: {cut: sliced}",
    )
    problem = only(bakery.problems)
    assert problem.line == line
    assert problem.text == (
        "`sliced` of cut needs `poppy` of seeds, which needs `750` of weight, which needs `sliced` of cut: a "
        f"circle of `one` (line {line}), `two` (line {line + 1}) and `three` (line {line + 2}). None of them "
        "can be had without the others; make them one option, or write a `table`."
    )


def test_defaults_that_do_not_fit_together_are_told(bakery: ExamplePack) -> None:
    line = rules(bakery, "id: tins, excludes: {cut: whole, weight: 500}")
    told = [problem.text for problem in bakery.problems]
    reason = f"The defaults of rye, milk_bread don't fit together, because of `tins` (line {line})."
    assert [text.startswith(reason) for text in told] == [True]


SLIPS = [
    # what stands there, what stands there now, what the problem says
    ("poppy}, price: 4", "poppy}, price: -4", "is -4; it can't be less than 0"),
    ("above: 500}", "abuv: 500}", "Did you mean `above`?"),
    ("price: 20, cost: 9", "price: 20, cost: 99", "that loses money"),
    ("from: 500\n      to: 1500", "from: 500\n      to: 400", "no further than where they begin"),
    ("step: 250", "step: 0", "can't be 0 apart"),
    ("step: 250", "step: 0.5", "more than 1000 numbers"),
    ("products: [rye]", "products: [rey]", "Did you mean `rye`?"),
    ("default: small", "default: none", "Only an optional module can have `none`"),
    ("    default: small\n", "", "`default` is missing"),
    ("until: 2026-03-31", "from: 2026-04-01, until: 2026-03-31", "before it begins"),
    ("label: {zh-Hant: 模具, en: tin}", "once: false", "is not a topic of topics.yml"),
    ("small: {label", "product: {label", None),
    ("  tin:", "  product:", "can't be called `product`"),
    ("several: true", "several: false", "`most` is for a module with `several: true`"),
    ("factor: 0.9}", "factor: 1.1}", "the factor is above 1"),
    ("factor: 0.9}", "factor: 0.3}", "below the cost"),
]


@pytest.mark.parametrize(("old", "new", "said"), SLIPS, ids=[str(new) for _, new, _ in SLIPS])
def test_a_slip_in_a_module_is_found_with_its_line(
    bakery: ExamplePack, old: str, new: str, said: str | None
) -> None:
    line = bakery.change(CATALOGUE, old, new)
    found = [problem for problem in bakery.problems if said is None or said in problem.text]
    assert found
    assert all(problem.file == CATALOGUE for problem in found)
    assert said is None or any(abs(problem.line - line) <= 3 for problem in found)


BAD_RULES = [
    ("id: x", "says none"),
    ("id: x, when: {cut: whole}", "needs then as well"),
    ("id: x, when: {cut: whole}, then: {cut: hole}", "Did you mean `whole`?"),
    ("id: x, when: {cutt: whole}, then: {cut: whole}", "Did you mean `cut`?"),
    ("id: x, excludes: {cut: whole}", "name two modules or more"),
    ("id: x, excludes: {cut: whole, tin: small}, most: 3", "`most` says nothing in a rule with `excludes`"),
    ("id: x, sum: wats, most: 3", "is not an amount that anything `has`"),
    ("id: x, sum: oven, most: roam", "Did you mean `room`?"),
    ("id: x, at_most: -1, of: {seeds: [poppy]}", "can't be less than 0"),
    ("id: x, same: kind, of: [cut]", "two modules or more"),
    ("id: x, table: [cut, tin], rows: [[whole]]", "names 2 codes (cut, tin)"),
    ("id: x, table: [cut, tin], rows: []", "nothing could be made"),
    ("id: x, table: [cut, seeds], rows: [[whole, poppy]]", "Several of seeds can be picked"),
    ("id: x, table: [cut, tin], rows_from: gone.csv", "is not a file of this pack"),
    ("id: x, table: [cut, tin], rows_from: ../shop.yml", "lies outside the pack"),
]


@pytest.mark.parametrize(("rule", "said"), BAD_RULES, ids=[rule for rule, _ in BAD_RULES])
def test_a_rule_that_says_nothing_is_told_with_its_line(bakery: ExamplePack, rule: str, said: str) -> None:
    line = rules(bakery, rule)
    found = [problem for problem in bakery.problems if said in problem.text]
    assert [(problem.file, problem.line) for problem in found] == [(CATALOGUE, line)]


def test_two_rules_have_two_names(bakery: ExamplePack) -> None:
    line = rules(bakery, *["id: x, excludes: {cut: sliced, weight: 1500}"] * 2)
    assert only(bakery.problems).text == f"There are two rules called `x`, the first in line {line}."


def test_a_table_in_a_file_is_checked_line_by_line(bakery: ExamplePack) -> None:
    (bakery.folder / "sizes.csv").write_text("cut,tin\nwhole,small\nwhole,lagre\n", encoding="utf-8")
    rules(bakery, "id: x, table: [cut, tin], rows_from: sizes.csv")
    found = [problem for problem in bakery.problems if problem.file == "sizes.csv"]
    assert [(problem.line, problem.text) for problem in found] == [
        (3, "`lagre` is not an option of tin. Did you mean `large`?")
    ]
