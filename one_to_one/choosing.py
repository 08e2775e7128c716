"""Which of the products that fit are laid before the customer: the best, unlike each other, and one new."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from one_to_one.catalogue import SPECIAL, Catalogue, Floats, Rows
from one_to_one.exploring import NEWER, Appeal
from one_to_one.tastes import Tastes

CONSIDERED = 300
"""Of more products that fit, the best so many are looked at more closely."""

LEEWAY = 0.3
"""How much utility may be given up for the product that is new to them to be newer, or more promising."""

SAMENESS = 0.5
"""What a perfect likeness to the first proposed product takes from the second one's rank."""

TOLD = 2
"""No more than so many things are named in which a product is new."""

type Value = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Pick:
    """One row that was chosen, and why it and no other."""

    row: int
    novel: bool = False  # new to the customer, on purpose
    new_in: tuple[Value, ...] = ()  # the (topic, value) that are new to them, the most telling first
    pushed: bool = False  # the shop's interest decided between it and what would have stood here


@dataclass(frozen=True, slots=True)
class Field:
    """The products to choose from, as one customer ranks them."""

    catalogue: Catalogue
    tastes: Tastes
    ranks: Floats  # of each product: its utility for the customer, less the reluctance to show it again
    shove: Floats  # of each product: what the shop's own interest adds
    pushes: int  # how many places that may decide
    appeal: Appeal = field(default_factory=Appeal)  # how new things were taken by others
    seed: int = 0  # of the draws; 0: the likeliest instead of a draw


def chosen(field: Field, rows: Rows, count: int) -> list[Pick]:
    """Up to `count` of these rows, the best first; the new one is the last."""
    if not rows.size or count < 1:
        return []
    shelf = Shelf(field, _best(field, rows))
    regular = _regular(shelf, max(1, count - 1))
    rest = np.flatnonzero(~np.isin(shelf.rows, [pick.row for pick in regular]))
    if count == 1 or not rest.size:
        return regular
    if not field.tastes.habits:
        return _with_boldest(shelf, regular, rest)
    new = _novel(shelf, rest, regular)
    return [*regular, new or Pick(int(shelf.rows[rest[0]]))]


def _best(field: Field, rows: Rows) -> Rows:
    """Those that are looked at closely, the best first; the seed orders what is equally good."""
    mixed = rows if field.seed == 0 else np.random.default_rng(field.seed).permutation(rows)
    worse = -field.ranks[mixed]
    if len(mixed) > CONSIDERED:
        best = np.sort(np.argpartition(worse, CONSIDERED)[:CONSIDERED])
        mixed, worse = mixed[best], worse[best]
    return np.asarray(mixed[np.argsort(worse, kind="stable")])


class Shelf:
    """The best products side by side. Places are counted along `rows`, the best first."""

    def __init__(self, field: Field, rows: Rows) -> None:
        self.field, self.rows = field, rows
        self.ranks, self.utility = field.ranks[rows], field.tastes.utility[rows]
        self._has = field.catalogue.having_each(rows)  # columns × places
        self._sizes = np.maximum(1.0, self._has.sum(axis=0))

    def likeness(self, place: int) -> Floats:
        """How much each resembles the one at a place: cosine of their values, 0..1."""
        return np.asarray(self._has[:, place] @ self._has / np.sqrt(self._sizes * self._sizes[place]))

    def newness(self, familiar: frozenset[Value]) -> tuple[Floats, Floats]:
        """In how many topics nothing it has is familiar, by their variety; and how many are special ones."""
        catalogue = self.field.catalogue
        known = np.zeros(len(catalogue.values))
        known[[catalogue.column[value] for value in familiar if value in catalogue.column]] = 1.0
        starts = [columns.start for columns in catalogue.columns.values()]
        same = np.add.reduceat(self._has * known[:, None], starts, axis=0) > 0  # topics × places
        variety = np.array([catalogue.variety(topic) for topic in catalogue.columns])
        newness = catalogue.varied[self.rows] - variety @ same
        return newness, catalogue.special[self.rows] - (variety < SPECIAL).astype(float) @ same


def _regular(shelf: Shelf, count: int) -> list[Pick]:
    """The best, then whichever is good and unlike those chosen before; the shop may have a say in those."""
    picks, pushes = [Pick(int(shelf.rows[0]))], shelf.field.pushes
    worth, shove = shelf.ranks.copy(), shelf.field.shove[shelf.rows]
    worth[0], alike = -np.inf, shelf.likeness(0)
    while len(picks) < min(count, len(shelf.rows)):
        unlike = worth - SAMENESS * alike
        place, ours = int(np.argmax(unlike)), int(np.argmax(unlike + shove))
        pushed = pushes > 0 and ours != place
        place = ours if pushed else place
        pushes -= pushed
        worth[place] = -np.inf
        picks.append(Pick(int(shelf.rows[place]), pushed=pushed))
        alike = np.maximum(alike, shelf.likeness(place))
    return picks


def _with_boldest(shelf: Shelf, regular: Sequence[Pick], rest: Rows) -> list[Pick]:
    """Of somebody without habits: of those least like everything else, the one to dare."""
    catalogue, seed = shelf.field.catalogue, shelf.field.seed
    places = [int(np.flatnonzero(shelf.rows == pick.row)[0]) for pick in regular]
    alike = np.max([shelf.likeness(place) for place in places], axis=0)
    worth = (shelf.ranks - SAMENESS * alike)[rest]
    near = shelf.rows[rest[worth >= worth.max() - LEEWAY] if seed else rest[[int(np.argmax(worth))]]]
    boldness = 1.0 - catalogue.all_common[near] / max(1, len(catalogue.columns))
    appeal = shelf.field.appeal.drawn(catalogue, near, seed)
    bold = Pick(int(near[int(np.argmax(NEWER * boldness + appeal))]))
    picks = [*regular, bold]
    boldest = min(picks[1:], key=lambda pick: catalogue.all_common[pick.row])
    return [*(pick for pick in picks if pick is not boldest), Pick(boldest.row, novel=True)]


def _novel(shelf: Shelf, rest: Rows, taken: Sequence[Pick]) -> Pick | None:
    """Of what suits about as well as the best of the rest, the newest and most promising; None: none."""
    field, catalogue = shelf.field, shelf.field.catalogue
    shown = {value for pick in taken for value in values_of(catalogue, pick.row)}
    familiar = field.tastes.habits | shown
    newness, strange = shelf.newness(familiar)
    outside = rest[(newness[rest] > 1e-9) & ~field.tastes.unwanted[shelf.rows[rest]]]
    plain = outside[strange[outside] < 0.5]
    outside = plain if plain.size else outside
    if not outside.size:
        return None
    near = outside[shelf.utility[outside] >= shelf.utility[outside[0]] - LEEWAY]
    appeal = field.appeal.drawn(catalogue, shelf.rows[near], field.seed)
    place = int(near[int(np.argmax(NEWER * newness[near] / newness[near].max() + appeal))])
    row = int(shelf.rows[place])
    return Pick(row, novel=True, new_in=_new_in(catalogue, row, familiar))


def _new_in(catalogue: Catalogue, row: int, familiar: frozenset[Value]) -> tuple[Value, ...]:
    """What about it is new, the rarest first."""
    known = {topic for topic, code in values_of(catalogue, row) if (topic, code) in familiar}
    new = [column for column in catalogue.held[row] if catalogue.values[column][0] not in known]
    rarest = sorted(new, key=lambda column: (float(catalogue.share[column]), column))
    return tuple(catalogue.values[column] for column in rarest[:TOLD])


def values_of(catalogue: Catalogue, row: int) -> list[Value]:
    """Every (topic, value) of one product."""
    return [catalogue.values[column] for column in catalogue.held[row]]
