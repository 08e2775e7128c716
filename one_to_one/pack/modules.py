"""Reading the `modules` of `catalogue.yml`: what can be chosen about the products."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal

from one_to_one.language import Language, Text
from one_to_one.pack.places import Place
from one_to_one.pack.problems import nearest
from one_to_one.pack.shop_file import in_languages
from one_to_one.replies import PAYLOAD_BYTES
from one_to_one.rules import NONE, PRODUCT
from one_to_one.shop import Availability, Has, Module, Option, Topic

_LONGEST_ORDER = "9" * 10
_NAME = re.compile(r"[a-z][a-z0-9_]*")
_CODE = re.compile(r"[a-z0-9][a-z0-9_]*")
_RESERVED = (PRODUCT, "price", "quantity")

UP = "up"
"""What `nearest` of a number says where smaller ones won't do, as for a body."""

MOST_NUMBERS = 1000
"""A module of numbers has at most so many of them."""

_MODULE = ("options", "number", "label", "default", "optional", "several", "most", "products", "once", "ask")
_NUMBER = ("from", "to", "step", "unit", "per_unit", "tiers", "has", "none", "nearest")
_TERMS = ("factor", "price", "cost", "has", "stock", "lead_days", "from", "until", "groups")


def read_module(
    name: str,
    place: Place,
    languages: Sequence[Language],
    topics: Mapping[str, Topic],
    products: Sequence[str],
) -> Module:
    """One module; what can't be read is reported and filled with something harmless."""
    topic = topics.get(name)
    _check_name(name, place)
    found = place.fields((), _MODULE)
    numbers, listed = found["number"], found["options"]
    if numbers.missing == listed.missing and place.is_mapping:
        place.wrong(f"The module {name} needs either `options` to choose from or a `number`.")
    unit: Text = {}
    if numbers.missing:
        options = {code: _option(name, code, inner, languages, topic) for code, inner in listed.entries()}
    else:
        unit, options = _numbers(name, numbers, languages)
    optional = found["optional"].flag() or (NONE in options and not numbers.missing)
    if len(options) < (1 if optional or found["several"].flag() else 2) and not listed.missing:
        listed.wrong(f"The module {name} needs at least two options to choose from.")
    module = Module(
        topic=name,
        label=_label(found["label"], topic, languages),
        options=options,
        default=_default(name, place, found["default"], options, optional),
        once=found["once"].flag(),
        optional=optional,
        several=_several(found),
        most=None if found["most"].missing else found["most"].whole(1, 1000),
        products=frozenset(
            filter(
                None, (p.one_of(products, "a product of catalogue.yml") for p in found["products"].items())
            )
        ),
        number=not numbers.missing,
        unit=unit,
        upwards=not numbers.missing and _upwards(numbers),
        ask={} if found["ask"].missing else in_languages(found["ask"], languages),
    )
    if module.ask and topic is None:
        found["ask"].wrong(f"Nobody can be asked about {name}: there is no such topic in topics.yml.")
    _check_called(name, place, module, topics)
    if NONE in options and not module.number:
        _check_nothing(module, dict(listed.entries())[NONE])
    return module


def _check_name(name: str, place: Place) -> None:
    if name in _RESERVED:
        place.wrong(f"A module can't be called `{name}`; that means something else in rules and orders.")
    elif not _NAME.fullmatch(name):
        place.wrong(f"`{name}` can't be the name of a module: use a-z, 0-9 and _, a letter first.")


def _check_nothing(module: Module, place: Place) -> None:
    """`none` says what leaving out is called, and is worth nothing."""
    nothing = module.options[NONE]
    if module.several:
        place.wrong(
            f"Of several options of {module.topic} none may be picked: write `optional: true` instead."
        )
    elif nothing.factor != 1 or nothing.price or nothing.cost or nothing.has:
        place.wrong(
            f"`{NONE}` of {module.topic} means that nothing is picked: it can't have a price or more."
        )


def _check_called(name: str, place: Place, module: Module, topics: Mapping[str, Topic]) -> None:
    """Whether the module and each of its options has something to be called by."""
    nameless = [code for code, option in module.options.items() if not option.label]
    if not (topics[name].values if name in topics else False) and (nameless or not module.label):
        needs = "it needs a `label` of its own"
        if nameless:
            needs = f"each option needs a `label`: {', '.join(nameless)}"
        reason = "has no values" if name in topics else "is not a topic of topics.yml"
        hint = "" if name in topics else f" {nearest(name, topics)}"
        place.wrong(f"`{name}` {reason}, so {needs}.{hint}")


def _several(found: Mapping[str, Place]) -> bool:
    several = found["several"].flag()
    if several and not found["number"].missing:
        found["several"].wrong("A number is one number; leave `several` out.")
    if not several and not found["most"].missing:
        found["most"].wrong("`most` is for a module with `several: true`.")
    return several and found["number"].missing


def _label(place: Place, topic: Topic | None, languages: Sequence[Language]) -> Text:
    if place.missing and topic is not None:
        return topic.label
    return {} if place.missing else in_languages(place, languages)


def _default(name: str, module: Place, place: Place, options: Mapping[str, Option], optional: bool) -> str:
    if place.missing:
        if not optional and module.is_mapping:
            module.wrong(f"`default` is missing in `{name}`: which option is assumed?")
        return NONE
    default = place.scalar("an option")
    if default == NONE and optional:
        return NONE
    if default and options and default not in options:
        hint = " Only an optional module can have `none`." if default == NONE else ""
        place.wrong(f"The default `{default}` is not an option of {name}. {nearest(default, options)}{hint}")
    return default


def _option(
    module: str, code: str, place: Place, languages: Sequence[Language], topic: Topic | None
) -> Option:
    valued = topic is not None and topic.values
    if valued and topic is not None and code not in topic.values:
        place.wrong(f"`{code}` is not a value of {module}. {nearest(code, topic.values)}")
    _check_code(module, code, place)
    found = place.fields((), ("label", *_TERMS))
    factor, price, cost = found["factor"].amount(default="1"), found["price"].amount(), found["cost"].amount()
    if factor == 0:
        found["factor"].wrong(f"The factor of {code} can't be 0: everything would cost nothing.")
    if price < cost:
        place.wrong(f"The option {code} adds {price} to the price and {cost} to the cost: that loses money.")
    if not found["label"].missing:
        label: Text = in_languages(found["label"], languages)
    elif topic is not None and code in topic.values:
        label = topic.values[code].label
    else:
        label = {}
    return Option(
        code=code,
        label=label,
        factor=factor or Decimal(1),
        price=price,
        cost=cost,
        has=read_has(found["has"]),
        stock=None if found["stock"].missing else found["stock"].whole(),
        lead_days=found["lead_days"].whole(most=365),
        availability=read_availability(code, found),
    )


def _check_code(module: str, code: str, place: Place) -> None:
    payload = f"option:{_LONGEST_ORDER}:{module}:{code}"
    if not _CODE.fullmatch(code):
        place.wrong(f"`{code}` can't be the code of an option: use a-z, 0-9 and _ only.")
    elif len(payload.encode()) > PAYLOAD_BYTES:
        place.wrong(f"`{payload}` is longer than the {PAYLOAD_BYTES} bytes a button can carry; shorten it.")


def read_has(place: Place) -> Has:
    """What something takes, supplies or is: an amount or a code for each name."""
    has: dict[str, Decimal | str] = {}
    for name, inner in place.entries():
        said = inner.scalar("an amount or a code")
        try:
            has[name] = Decimal(said)
        except ArithmeticError:
            has[name] = inner.code() if said else said
    return has


def read_availability(name: str, found: Mapping[str, Place]) -> Availability:
    """From when until when something can be had, and by whom."""
    start = None if found["from"].missing else found["from"].day()
    until = None if found["until"].missing else found["until"].day()
    if start is not None and until is not None and until < start:
        found["until"].wrong(f"`{name}` can be had until {until}, before it begins on {start}.")
    groups = frozenset(filter(None, (item.code() for item in found["groups"].items())))
    return Availability(start, until, groups)


def _numbers(name: str, place: Place, languages: Sequence[Language]) -> tuple[Text, dict[str, Option]]:
    """The unit of a number and every number there is, priced by the unit and by tiers."""
    found = place.fields(("from", "to"), _NUMBER[2:])
    first, last, step = found["from"].amount(), found["to"].amount(), found["step"].amount(default="1")
    if step == 0:
        found["step"].wrong("Numbers can't be 0 apart; write 1 or 0.5, say.")
        step = Decimal(1)
    if last <= first and not found["to"].missing and not found["from"].missing:
        found["to"].wrong(f"The numbers of {name} end at {last}, no further than where they begin ({first}).")
    if (last - first) / step >= MOST_NUMBERS:
        place.wrong(f"The module {name} has more than {MOST_NUMBERS} numbers; take a larger `step`.")
        last = first
    unit: Text = {} if found["unit"].missing else in_languages(found["unit"], languages)
    per_unit, tiers = _per_unit(found["per_unit"]), _tiers(name, found["tiers"])
    has = {key: amount for key, amount in read_has(found["has"]).items() if isinstance(amount, Decimal)}
    options = {}
    for number in _steps(first, last, step):
        code = f"{number.normalize():f}"
        factor, price, cost = _tier(tiers, number)
        over = max(Decimal(0), number - per_unit[2])
        label = {language: f"{code} {unit[language]}" if unit else code for language in languages}
        options[code] = Option(
            code,
            label,
            factor,
            price + per_unit[0] * over,
            cost + per_unit[1] * over,
            {key: amount * number for key, amount in has.items()},
        )
    if not found["none"].missing:
        nothing = in_languages(found["none"], languages)
        options[NONE] = Option(NONE, nothing, Decimal(1), Decimal(0), Decimal(0))
    losing = next((option for option in options.values() if option.price < option.cost), None)
    if losing is not None:
        (found["per_unit"] if found["tiers"].missing else found["tiers"]).wrong(
            f"{losing.code} of {name} adds {losing.price} to the price and {losing.cost} to the cost: "
            "that loses money."
        )
    return unit, options


def _upwards(place: Place) -> bool:
    """Whether a number that can't be made gives way to larger ones only."""
    found = dict(place.entries()).get("nearest")
    return found is not None and found.one_of((UP,), f"a way to the nearest number: `{UP}`") == UP


def _steps(first: Decimal, last: Decimal, step: Decimal) -> Iterator[Decimal]:
    number = first
    while number <= last:
        yield number
        number += step


def _per_unit(place: Place) -> tuple[Decimal, Decimal, Decimal]:
    """What each unit adds to price and cost, above which number."""
    found = place.fields((), ("price", "cost", "above"))
    return found["price"].amount(), found["cost"].amount(), found["above"].amount()


type _Tier = tuple[Decimal, tuple[Decimal, Decimal, Decimal]]
"""From which number, and factor, price and cost from there on."""


def _tiers(name: str, place: Place) -> list[_Tier]:
    tiers: list[_Tier] = []
    for item in place.items():
        found = item.fields(("from",), ("price", "cost", "factor"))
        start = found["from"].amount()
        if tiers and start <= tiers[-1][0]:
            found["from"].wrong(f"The tiers of {name} begin at {start} after {tiers[-1][0]}; sort them.")
        factor = found["factor"].amount(default="1")
        if factor == 0:
            found["factor"].wrong(
                f"The factor of a tier of {name} can't be 0: everything would cost nothing."
            )
        tiers.append((start, (factor or Decimal(1), found["price"].amount(), found["cost"].amount())))
    return tiers


def _tier(tiers: Sequence[_Tier], number: Decimal) -> tuple[Decimal, Decimal, Decimal]:
    reached = [terms for start, terms in tiers if start <= number]
    return reached[-1] if reached else (Decimal(1), Decimal(0), Decimal(0))
