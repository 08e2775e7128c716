"""Checking what can be made of a pack: rules that contradict each other, and what they rule out or force."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from one_to_one.configuring.frames import Frame, Signature, Statement, frame_of, signature
from one_to_one.configuring.holding import broken_rules
from one_to_one.configuring.reasoning import Reasoner
from one_to_one.pack.places import Place
from one_to_one.pricing import complete
from one_to_one.rules import NONE, Needs, Rule
from one_to_one.shop import Module, Product, ShopPack

type Picked = tuple[str, str]
"""A module and the code picked of it."""


_NAMED = 3
"""So many products are named; of more it is told how many."""


@dataclass(frozen=True, slots=True)
class Places:
    """Where the parts of a catalogue stand in the file."""

    products: Mapping[str, Place] = field(default_factory=dict)  # by id
    options: Mapping[Picked, Place] = field(default_factory=dict)  # by module and code
    rules: Mapping[str, Place] = field(default_factory=dict)  # by id


def check_making(pack: ShopPack, places: Places) -> None:
    """Report contradictions, options that can never be had or never be left out, and cycles of needs."""
    _Inspector(pack, places).inspect()


@dataclass(slots=True)
class _Looked:
    """What was found about the products about which the same can be chosen."""

    frame: Frame
    reasoner: Reasoner
    products: list[Product]
    possible: frozenset[Picked]  # what can be had of them
    forced: frozenset[Picked]  # what can't be left out


class _Inspector:
    """Looks at one pack."""

    def __init__(self, pack: ShopPack, places: Places) -> None:
        self._pack = pack
        self._places = places

    def inspect(self) -> None:
        looked = self._looked()
        self._report_contradictions([one for one in looked if not one.possible and one.frame.modules])
        makeable = [one for one in looked if one.possible]
        for name, module in self._pack.modules.items():
            having = [one for one in makeable if name in one.frame.modules]
            if having:
                self._report_dead(module, having)
                self._report_always_on(module, having)
        self._report_narrowed(makeable)
        self._report_defaults(makeable)
        self._report_cycles()
        for one in looked:
            one.reasoner.close()

    def _looked(self) -> list[_Looked]:
        by_signature: dict[Signature, list[Product]] = {}
        for product in self._pack.products.values():
            by_signature.setdefault(signature(self._pack, product), []).append(product)
        return [self._look(products) for products in by_signature.values()]

    def _look(self, products: list[Product]) -> _Looked:
        frame = frame_of(self._pack, products[0])
        reasoner = Reasoner(frame.space, frame.rule_of)
        numbers = {
            (name, code): reasoner.literal(*frame.statement(name, code))
            for name, codes in frame.codes.items()
            for code in codes
        }
        rules = reasoner.all_names
        can_be = reasoner.possible(list(numbers.values()), rules)
        can_be_left = reasoner.possible([-number for number in numbers.values()], rules)
        possible = frozenset(pick for pick, number in numbers.items() if number in can_be)
        forced = frozenset(pick for pick, number in numbers.items() if -number not in can_be_left)
        return _Looked(frame, reasoner, products, possible, forced if possible else frozenset())

    def _report_contradictions(self, looked: Sequence[_Looked]) -> None:
        """Nothing can be made of some products."""
        for one in looked:
            names = ", ".join(f"`{product.id}`" for product in one.products)
            rules = one.reasoner.because([]) or ()
            place = (
                self._places.rules.get(rules[0]) if rules else self._places.products.get(one.products[0].id)
            )
            if place is not None:
                reason = (
                    f"{self._told(rules)} can't be kept together" if rules else "a module has no option left"
                )
                place.wrong(f"Nothing can be made of {names}: {reason}.")

    def _report_dead(self, module: Module, having: Sequence[_Looked]) -> None:
        """Options that no product can ever have."""
        name = module.topic
        offered = {code for one in having for code in one.frame.codes[name]} - {NONE}
        dead = [
            c for c in module.options if c in offered and not any((name, c) in one.possible for one in having)
        ]
        for code in dead:
            one = next(one for one in having if code in one.frame.codes[name])
            rules = self._because(one, [one.frame.statement(name, code)])
            self._at(name, code).wrong(
                f"`{code}` of {name} can never be had{_by(self._told(rules))}. Mend that, or take it out."
            )

    def _report_always_on(self, module: Module, having: Sequence[_Looked]) -> None:
        """Options that the rules force on everybody, though they could be left out or there are others."""
        name = module.topic
        for code in module.options:
            if not all((name, code) in one.forced and len(one.frame.codes[name]) > 1 for one in having):
                continue
            pick, holds = having[0].frame.statement(name, code)
            rules = self._because(having[0], [(pick, not holds)])
            if rules:
                told = _by(self._told(rules))
                self._at(name, code).wrong(
                    f"`{code}` of {name} is always on: without it nothing can be made{told}. "
                    "Mend that, or make it a part of the product."
                )

    def _report_narrowed(self, looked: Sequence[_Looked]) -> None:
        """Options that a product names as its own and can't have."""
        for one in looked:
            for product in one.products:
                for name, codes in product.options.items():
                    for code in codes:
                        if (name, code) in one.possible or not self._elsewhere(looked, name, code):
                            continue
                        told = _by(self._told(self._because(one, [one.frame.statement(name, code)])))
                        place = self._places.products.get(product.id)
                        if place is not None:
                            place.wrong(f"{product.id} can never be had with `{code}` of {name}{told}.")

    def _report_defaults(self, looked: Sequence[_Looked]) -> None:
        """What is assumed of a product where nothing is wished for has to be something that can be made."""
        apart: dict[str, list[str]] = {}
        for one in looked:
            for product in one.products:
                rules = broken_rules(self._pack, product, complete(self._pack, product, {}))
                if rules and product.id in self._places.products:
                    apart.setdefault(self._told([rule.id for rule in rules]), []).append(product.id)
        for told, products in apart.items():
            more = f" and {len(products) - _NAMED} more" if len(products) > _NAMED else ""
            named = ", ".join(products[:_NAMED]) + more
            self._places.products[products[0]].wrong(
                f"The defaults of {named} don't fit together, because of {told}. "
                "Choose another `default`, or give the product its own `options`."
            )

    def _elsewhere(self, looked: Sequence[_Looked], name: str, code: str) -> bool:
        """Whether another product can have it: else it is told where the option stands."""
        return any((name, code) in one.possible for one in looked)

    def _report_cycles(self) -> None:
        """Options that need each other in a circle: none can be had without all the others."""
        needs = _needs(self._pack.rules)
        told: set[frozenset[Picked]] = set()
        for start in needs:
            circle = _circle(needs, start)
            if not circle or frozenset(circle) in told:
                continue
            told.add(frozenset(circle))
            rules = list(dict.fromkeys(needs[one][other] for one, other in _around(circle)))
            chain = ", which needs ".join(f"`{code}` of {name}" for name, code in [*circle[1:], circle[0]])
            place = self._places.rules.get(rules[0])
            if place is not None:
                name, code = circle[0]
                place.wrong(
                    f"`{code}` of {name} needs {chain}: a circle of {self._told(rules)}. None of them can be "
                    "had without the others; make them one option, or write a `table`."
                )

    def _because(self, one: _Looked, statements: Iterable[Statement]) -> tuple[str, ...]:
        return one.reasoner.because([one.reasoner.literal(*statement) for statement in statements]) or ()

    def _at(self, module: str, code: str) -> Place:
        return self._places.options[module, code]

    def _told(self, rules: Sequence[str]) -> str:
        """Some rules by name and line."""
        named = [
            f"`{rule}` (line {self._places.rules[rule].line})" for rule in rules if rule in self._places.rules
        ]
        return " and ".join(filter(None, [", ".join(named[:-1]), *named[-1:]]))


def _by(rules: str) -> str:
    return f", because of {rules}" if rules else ""


type _Needed = dict[Picked, dict[Picked, str]]
"""What each option needs, with the id of the rule that says so."""


def _needs(rules: Iterable[Rule]) -> _Needed:
    """Where one option alone needs one other."""
    needs: _Needed = {}
    for rule in rules:
        if not isinstance(rule, Needs) or len(rule.when) != 1:
            continue
        [(name, codes)] = rule.when.items()
        for code in codes:
            for other, needed in rule.then.items():
                if len(needed) == 1 and (name, code) != (other, needed[0]):
                    needs.setdefault((name, code), {}).setdefault((other, needed[0]), rule.id)
    return needs


def _circle(needs: _Needed, start: Picked) -> list[Picked]:
    """A shortest way from an option along what is needed, back to itself; empty when there is none."""
    before: dict[Picked, Picked] = {}
    waiting = [start]
    for one in waiting:
        for other in needs.get(one, {}):
            if other == start:
                way = [one]
                while way[-1] != start:
                    way.append(before[way[-1]])
                return way[::-1]
            if other not in before:
                before[other] = one
                waiting.append(other)
    return []


def _around(circle: Sequence[Picked]) -> Iterator[tuple[Picked, Picked]]:
    return zip(circle, [*circle[1:], circle[0]], strict=True)
