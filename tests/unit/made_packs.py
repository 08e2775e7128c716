"""Packs with modules and rules of every kind, drawn or made up, and all that can be made there."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from itertools import combinations, product

from hypothesis import strategies as st

from one_to_one.configuring.holding import broken_rules
from one_to_one.pricing import joined
from one_to_one.rules import NONE, PRODUCT, AtMost, Excludes, Needs, Picked, Rows, Rule, Same, Sum
from one_to_one.shop import Availability, Module, Option, Product, ShopPack
from tests.unit.packs import pack, text
from tests.unit.packs import product as plain_product

WHY = text("because")
DAY = date(2026, 3, 1)


def option(code: str, price: str = "0", cost: str = "0", factor: str = "1", **has: str) -> Option:
    """An option; what it `has` are amounts where they are numbers."""
    amounts = {name: Decimal(said) if said.isdecimal() else said for name, said in has.items()}
    return Option(code, text(code), Decimal(factor), Decimal(price), Decimal(cost), has=amounts)


def module(
    name: str,
    *options: Option,
    default: str | None = None,
    optional: bool = False,
    several: bool = False,
) -> Module:
    """A module, the default being its first option if none is named."""
    by_code = {one.code: one for one in options}
    default = default or options[0].code
    return Module(name, text(name), by_code, default, optional=optional, several=several)


def computers() -> ShopPack:
    """A small shop of computers: parts that fit or don't."""
    modules = (
        module(
            "cpu",
            option("small", watts="35", socket="a"),
            option("fast", "200", "150", watts="105", socket="b"),
        ),
        module("board", option("plain", socket="a"), option("large", "90", "60", socket="b", slots="2")),
        module("memory", option("m16"), option("m32", "80", "50"), option("m64", "220", "150")),
        module(
            "gpu",
            option("mid", "300", "240", watts="150"),
            option("big", "700", "600", watts="320"),
            default=NONE,
            optional=True,
        ),
        module("power", option("p300", capacity="300"), option("p650", "60", "40", capacity="650")),
        module("case", option("mini"), option("tower", "30", "20")),
        module(
            "extras",
            option("wifi", "25", "15"),
            option("reader", "15", "8"),
            option("lights", "20", "5"),
            default=NONE,
            optional=True,
            several=True,
        ),
    )
    rules: tuple[Rule, ...] = (
        Same("socket", WHY, "socket", ("cpu", "board")),
        Excludes("heat", WHY, {"case": ("mini",), "gpu": ("big",)}),
        Sum("power", WHY, "watts", "capacity"),
        Needs("lit", WHY, {"extras": ("lights",)}, {"case": ("tower",)}),
        Needs("large", WHY, {"memory": ("m64",)}, {"board": ("large",)}),
        AtMost("ports", WHY, 2, {"extras": ("wifi", "reader"), "gpu": ("mid", "big")}),
    )
    products = [plain_product("desk", "500", "400"), plain_product("work", "900", "700")]
    return replace(pack([], products, modules), rules=rules)


def everything(shop: ShopPack, made: Product) -> Iterator[dict[str, str]]:
    """All that can be made of a product, by trying."""
    modules = shop.modules_of(made)
    for row in product(*(_choices(shop, made, one) for one in modules.values())):
        options = dict(zip(modules, row, strict=True))
        if not broken_rules(shop, made, options):
            yield options


def _choices(shop: ShopPack, made: Product, of: Module) -> list[str]:
    codes = shop.options_of(made, of)
    if not of.several:
        return [*codes, *([NONE] if of.optional else [])]
    most = len(codes) if of.most is None else of.most
    sets = (some for size in range(0 if of.optional else 1, most + 1) for some in combinations(codes, size))
    return [joined(of, some) for some in sets]


@st.composite
def shops(draw: st.DrawFn) -> ShopPack:
    """Any small shop."""
    names = ["size", "colour", "parts", "wrap"][: draw(st.integers(1, 4))]
    modules = [draw(_modules(name)) for name in names]
    products = [draw(_products(name, modules)) for name in ("one", "two")[: draw(st.integers(1, 2))]]
    shop = pack([], products, modules, price_step=draw(st.sampled_from(["1", "0.05", "10"])))
    rules = draw(st.lists(_rules(shop), max_size=3))
    return replace(shop, rules=tuple(replace(rule, id=f"r{n}") for n, rule in enumerate(rules)))


@st.composite
def _modules(draw: st.DrawFn, name: str) -> Module:
    options = [draw(_options(code)) for code in "abc"[: draw(st.integers(1, 3))]]
    optional, several = draw(st.booleans()), draw(st.booleans())
    default = draw(st.sampled_from([*(one.code for one in options), *([NONE] if optional else [])]))
    most = draw(st.sampled_from([None, 1, 2])) if several else None
    made = module(name, *options, default=default, optional=optional, several=several)
    only = draw(st.sampled_from([frozenset[str](), frozenset({"one"})]))
    return replace(made, most=most, products=only if optional else frozenset())


@st.composite
def _options(draw: st.DrawFn, code: str) -> Option:
    made = option(
        code,
        str(draw(st.integers(0, 9))),
        str(draw(st.integers(0, 9))),
        draw(st.sampled_from(["1", "1", "1.5", "0.9"])),
        **draw(
            st.sampled_from([{}, {"weight": "2"}, {"weight": "3", "kind": "x"}, {"room": "4", "kind": "y"}])
        ),
    )
    when = draw(
        st.sampled_from([Availability(), Availability(until=DAY), Availability(groups=frozenset({"firm"}))])
    )
    return replace(made, availability=when, stock=draw(st.sampled_from([None, None, 0, 2])))


@st.composite
def _products(draw: st.DrawFn, name: str, modules: Sequence[Module]) -> Product:
    made = plain_product(name, str(draw(st.integers(5, 40))), "4", draw(st.integers(0, 3)))
    narrowed = {one.topic: (next(iter(one.options)),) for one in modules if draw(st.integers(0, 5)) == 0}
    has = draw(st.sampled_from([{}, {"weight": Decimal(1)}, {"room": Decimal(3)}]))
    return replace(made, options=narrowed, has=has)


def _rules(shop: ShopPack) -> st.SearchStrategy[Rule]:
    codes = {
        name: (*one.options, NONE) if one.optional else tuple(one.options)
        for name, one in shop.modules.items()
    }
    single = [name for name, one in shop.modules.items() if not one.several]
    picked = _picked({**codes, PRODUCT: tuple(shop.products)})
    kinds: list[st.SearchStrategy[Rule]] = [
        st.builds(Needs, st.just(""), st.just(WHY), picked, picked),
        st.builds(Excludes, st.just(""), st.just(WHY), picked),
        st.builds(AtMost, st.just(""), st.just(WHY), st.integers(0, 2), _picked(codes)),
        st.builds(
            Sum,
            st.just(""),
            st.just(WHY),
            st.just("weight"),
            st.sampled_from(["room", Decimal(3), Decimal("5.5")]),
        ),
    ]
    if len(single) > 1:
        kinds.append(st.just(Same("", WHY, "kind", tuple(single))))
        scope = tuple(single[:2])
        rows = st.sets(st.tuples(*(st.sampled_from(codes[name]) for name in scope)), min_size=1)
        kinds.append(rows.map(lambda drawn: Rows("", WHY, scope, tuple(sorted(drawn)))))
    return st.one_of(kinds)


def _picked(codes: Mapping[str, Sequence[str]]) -> st.SearchStrategy[Picked]:
    names = st.lists(st.sampled_from(sorted(codes)), min_size=1, max_size=2, unique=True)
    return names.flatmap(
        lambda drawn: st.fixed_dictionaries(
            {
                name: st.sets(st.sampled_from(codes[name]), min_size=1).map(lambda s: tuple(sorted(s)))
                for name in drawn
            }
        )
    )
