"""Reading the `rules` of `catalogue.yml`: what fits together."""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from itertools import product
from pathlib import Path

from one_to_one.language import Language, Text
from one_to_one.pack.places import Place
from one_to_one.pack.problems import nearest
from one_to_one.pack.shop_file import file_below, in_languages
from one_to_one.rules import NONE, PRODUCT, AtMost, Excludes, Needs, Picked, Rows, Rule, Same, Sum
from one_to_one.shop import Module, Product

_KINDS: Mapping[str, tuple[str, ...]] = {
    "when": ("then",),
    "excludes": (),
    "option": ("only_with",),
    "at_most": ("of",),
    "sum": ("most",),
    "same": ("of",),
    "table": ("rows", "rows_from"),
}
"""What a rule is recognised by, and what belongs to it."""

_BESIDE = tuple(dict.fromkeys(key for keys in _KINDS.values() for key in keys))

MOST_ROWS = 100_000
"""A table has at most so many rows."""


class RuleReader:
    """Reads the rules of one shop, knowing what can be chosen there."""

    def __init__(
        self,
        folder: Path,
        products: Mapping[str, Product],
        modules: Mapping[str, Module],
        languages: Sequence[Language],
    ) -> None:
        self._folder = folder
        self._products = products
        self._modules = modules
        self._languages = languages
        self._codes = {PRODUCT: tuple(products)} | {
            name: tuple(
                dict.fromkeys((*module.options, *((NONE,) if module.optional or module.products else ())))
            )
            for name, module in modules.items()
        }
        self._amounts = {
            name for has in self._all_has() for name, amount in has.items() if isinstance(amount, Decimal)
        }
        self._names = {name for has in self._all_has() for name in has}

    def _all_has(self) -> list[Mapping[str, Decimal | str]]:
        options = [option.has for module in self._modules.values() for option in module.options.values()]
        return [*options, *(product.has for product in self._products.values())]

    def read(self, place: Place) -> tuple[tuple[Rule, ...], dict[str, Place]]:
        """The rules in the order of the file, and where each stands; what can't be read is left out."""
        rules: list[Rule] = []
        places: dict[str, Place] = {}
        for item in place.items():
            rule = self._rule(item)
            if rule is None:
                continue
            if rule.id in places:
                item.wrong(
                    f"There are two rules called `{rule.id}`, the first in line {places[rule.id].line}."
                )
                continue
            rules.append(rule)
            places[rule.id] = item
        return tuple(rules), places

    def _rule(self, item: Place) -> Rule | None:
        found = item.fields(("id", "why"), (*_KINDS, *_BESIDE))
        name = found["id"].code()
        why = in_languages(replace(found["why"], called=f"`why` of `{name}`"), self._languages)
        kinds = [kind for kind in _KINDS if not found[kind].missing]
        if len(kinds) != 1:
            if item.is_mapping:
                item.wrong(
                    f"A rule says one of {', '.join(_KINDS)}; `{name}` says {' and '.join(kinds) or 'none'}."
                )
            return None
        if not self._belongs(name, item, kinds[0], found) or not name:
            return None
        match kinds[0]:
            case "when":
                return self._needs(name, why, found["when"], found["then"])
            case "option":
                return self._needs(name, why, found["option"], found["only_with"])
            case "excludes":
                return self._excludes(name, why, found["excludes"])
            case "at_most":
                of = self._picked(found["of"])
                return AtMost(name, why, found["at_most"].whole(), of) if of else None
            case "sum":
                return self._sum(name, why, found)
            case "same":
                return self._same(name, why, found)
            case _:
                return self._table(name, why, found)

    def _belongs(self, name: str, item: Place, kind: str, found: Mapping[str, Place]) -> bool:
        """Whether all that a kind of rule needs is there, and nothing of another kind."""
        needed = _KINDS[kind]
        for key in _BESIDE:
            if key not in needed and not found[key].missing:
                found[key].wrong(f"`{key}` says nothing in a rule with `{kind}`.")
        there = [key for key in needed if not found[key].missing]
        if len(there) != min(1, len(needed)):
            item.wrong(f"The rule {name} with `{kind}` needs {' or '.join(needed)} as well.")
            return False
        return True

    def _needs(self, name: str, why: Text, when: Place, then: Place) -> Rule | None:
        asked, needed = self._picked(when), self._picked(then)
        return Needs(name, why, asked, needed) if asked and needed else None

    def _excludes(self, name: str, why: Text, place: Place) -> Rule | None:
        of = self._picked(place)
        if len(of) == 1 and place.sound:
            place.wrong(f"The rule {name} excludes nothing from anything: name two modules or more.")
        return Excludes(name, why, of) if len(of) > 1 else None

    def _sum(self, name: str, why: Text, found: Mapping[str, Place]) -> Rule | None:
        of, most = found["sum"].one_of(self._amounts, "an amount that anything `has`"), found["most"]
        said = most.scalar("an amount, or the name of what supplies it")
        try:
            amount: Decimal | str = Decimal(said)
        except ArithmeticError:
            amount = most.one_of(self._amounts, "an amount that anything `has`")
        return Sum(name, why, of, amount) if of and amount != "" else None

    def _same(self, name: str, why: Text, found: Mapping[str, Place]) -> Rule | None:
        of = found["same"].one_of(self._names, "anything that an option `has`")
        modules = self._known(found["of"])
        if len(modules) < 2:
            found["of"].wrong(f"The rule {name} compares two modules or more.")
        return Same(name, why, of, modules) if of and len(modules) > 1 else None

    def _table(self, name: str, why: Text, found: Mapping[str, Place]) -> Rule | None:
        modules = self._known(found["table"])
        rows = (
            self._rows(modules, found["rows"])
            if found["rows_from"].missing
            else self._file(modules, found["rows_from"])
        )
        rows.extend(self._left_open(modules, rows))
        return Rows(name, why, modules, tuple(dict.fromkeys(rows))) if modules and rows else None

    def _left_open(self, modules: Sequence[str], rows: Sequence[tuple[str, ...]]) -> list[tuple[str, ...]]:
        """The rows with numbers that may stay open: with an open one goes what goes with any number."""
        may = [self._modules[name].number and NONE in self._modules[name].options for name in modules
               if name in self._modules]  # fmt: skip
        if len(may) != len(modules) or not any(may):
            return []
        ways = [row for row in product(*([(False, True) if one else (False,) for one in may])) if any(row)]
        return [
            tuple(NONE if blank else code for blank, code in zip(way, row, strict=True))
            for way in ways
            for row in rows
        ]

    def _known(self, place: Place) -> tuple[str, ...]:
        known = [item.one_of(self._codes, "a module of this shop") for item in place.items()]
        for item, name in zip(place.items(), known, strict=True):
            if name in self._modules and self._modules[name].several:
                item.wrong(f"Several of {name} can be picked; such rules are about modules of which one is.")
        return tuple(dict.fromkeys(filter(None, known)))

    def _rows(self, modules: Sequence[str], place: Place) -> list[tuple[str, ...]]:
        rows = []
        for line in place.items():
            cells = line.items()
            if len(cells) != len(modules):
                line.wrong(f"A row of this table names {len(modules)} codes ({', '.join(modules)}).")
                continue
            row = [
                cell.one_of(self._codes[name], f"an option of {name}")
                for name, cell in zip(modules, cells, strict=True)
            ]
            if all(row):
                rows.append(tuple(row))
        if not place.items() and not place.missing:
            place.wrong("The table has no rows: nothing could be made.")
        return rows

    def _file(self, modules: Sequence[str], place: Place) -> list[tuple[str, ...]]:
        """The rows of a CSV file of the pack, whose first line names the modules."""
        name = file_below(place, self._folder)
        path = self._folder / name
        if not name or not path.is_file():
            return []
        try:
            with path.open(encoding="utf-8-sig", newline="") as lines:
                table = [row for row in csv.reader(lines) if row]
        except (UnicodeDecodeError, csv.Error, OSError):
            place.report.add(name, 1, f"{name} is no CSV file in UTF-8.")
            return []
        if not table or sorted(table[0]) != sorted(modules):
            place.report.add(
                name, 1, f"The first line of {name} has to name the modules: {','.join(modules)}."
            )
            return []
        if len(table) > MOST_ROWS:
            place.report.add(name, MOST_ROWS, f"{name} has more than {MOST_ROWS} rows.")
            return []
        places = [table[0].index(module) for module in modules]
        return self._good(place, name, modules, places, table[1:])

    def _good(
        self,
        place: Place,
        file: str,
        modules: Sequence[str],
        places: Sequence[int],
        table: Sequence[Sequence[str]],
    ) -> list[tuple[str, ...]]:
        rows = []
        for line, cells in enumerate(table, start=2):
            row = tuple(cells[at].strip() if at < len(cells) else "" for at in places)
            wrong = [(m, code) for m, code in zip(modules, row, strict=True) if code not in self._codes[m]]
            for module, code in wrong:
                hint = nearest(code, self._codes[module])
                place.report.add(file, line, f"`{code}` is not an option of {module}. {hint}")
            if not wrong:
                rows.append(row)
        return rows

    def _picked(self, place: Place) -> Picked:
        """module → codes, of those that there are."""
        picked = {}
        for name, inner in place.entries():
            if name not in self._codes:
                inner.wrong(f"`{name}` is not a module of this shop. {nearest(name, self._codes)}")
                continue
            codes = [item.one_of(self._codes[name], f"an option of {name}") for item in inner.items()]
            if not codes:
                inner.wrong(f"{inner.called} names no option.")
            if any(codes):
                picked[name] = tuple(dict.fromkeys(filter(None, codes)))
        return picked
