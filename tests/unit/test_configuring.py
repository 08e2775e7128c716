"""Making up products: what fits, what is left, what clashes, what is best; checked by trying everything."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from one_to_one.configuring.best import Aim, Program, apart
from one_to_one.configuring.conflicts import NothingFits, to_give_up
from one_to_one.configuring.counting import TooWide, configurations
from one_to_one.configuring.predicting import learn
from one_to_one.configuring.reasoning import Reasoner
from one_to_one.configuring.space import Choice, Clause, Limit, Pick, Picks, Rule, Space, Table

BAG = Space(
    {
        "size": Choice("size", ("small", "large")),
        "wrap": Choice("wrap", ("none", "box", "ribbon")),
        "card": Choice("card", ("no", "yes")),
    },
    (
        Clause(((("card", "yes"), False), (("wrap", "none"), False))),  # a card needs a wrapping
        Limit({("size", "large"): 6, ("wrap", "box"): 4, ("wrap", "ribbon"): 1, ("card", "yes"): 1}, 8),
    ),
)


def everything(space: Space) -> Iterator[dict[str, str]]:
    """All that fits, by trying."""
    for row in product(*(choice.codes for choice in space.choices.values())):
        made = dict(zip(space.choices, row, strict=True))
        if all(holds(rule, made) for rule in space.rules):
            yield made


def holds(rule: Rule, made: dict[str, str]) -> bool:
    if isinstance(rule, Table):
        return tuple(made[name] for name in rule.scope) in rule.rows
    if isinstance(rule, Clause):
        return any((made[name] == code) is wanted for (name, code), wanted in rule.literals)
    return sum(weight for (name, code), weight in rule.weights.items() if made[name] == code) <= rule.most


@st.composite
def spaces(draw: st.DrawFn) -> Space:
    names = "pqrs"[: draw(st.integers(1, 4))]
    choices = {name: Choice(name, tuple("abc"[: draw(st.integers(1, 3))])) for name in names}
    picks = [(name, code) for name, choice in choices.items() for code in choice.codes]
    return Space(choices, tuple(draw(st.lists(rules(choices, picks), max_size=4))))


def rules(choices: dict[str, Choice], picks: Sequence[Pick]) -> st.SearchStrategy[Rule]:
    scopes = st.lists(st.sampled_from(sorted(choices)), min_size=1, max_size=3, unique=True)
    literals = st.lists(st.tuples(st.sampled_from(picks), st.booleans()), min_size=1, max_size=4)
    weights = st.dictionaries(st.sampled_from(picks), st.integers(-4, 9), min_size=1)
    return st.one_of(
        scopes.flatmap(lambda scope: tables(choices, tuple(scope))),
        literals.map(lambda drawn: Clause(tuple(drawn))),
        st.builds(Limit, weights, st.integers(-3, 20)),
    )


def tables(choices: dict[str, Choice], scope: tuple[str, ...]) -> st.SearchStrategy[Rule]:
    rows = [*product(*(choices[name].codes for name in scope))]
    return st.sets(st.sampled_from(rows), min_size=1).map(lambda kept: Table(scope, tuple(sorted(kept))))


class Optimum:
    """Finds the best of a space, again and again; the rules are put into numbers once."""

    def __init__(self, space: Space) -> None:
        self._program = Program(space)

    def best(
        self,
        worth: Mapping[Pick, float],
        picks: Picks | None = None,
        *,
        unlike: Sequence[Picks] = (),
        by: int = 1,
    ) -> dict[str, str] | None:
        """What is worth most of all that has `picks`; None when nothing does.

        It differs from each of `unlike` in at least `by` choices. Of equally good ones any may be found,
        but always the same.
        """
        column = self._program.column
        if any(pick not in column for pick in (picks or {}).items()):
            return None
        return self._program.solve(
            Aim(
                gain={column[pick]: value for pick, value in worth.items()},
                ones={column[pick] for pick in (picks or {}).items()},
                rows=[apart(column, other, by) for other in unlike],
            )
        )


@given(spaces())
def test_what_is_left_is_exactly_what_can_be_made(space: Space) -> None:
    made = list(everything(space))
    with Reasoner(space) as reasoner:
        for picks in [{}, *({name: code} for name, c in space.choices.items() for code in c.codes)]:
            fitting = [each for each in made if picks.items() <= each.items()]
            left = reasoner.left(picks)
            assert {name: set(codes) for name, codes in left.items()} == {
                name: {each[name] for each in fitting} for name in space.choices
            }
            assert (reasoner.example(picks) in made) is bool(fitting)


@given(spaces(), st.data())
def test_nothing_is_left_that_needs_what_cannot_be_had(space: Space, data: st.DataObject) -> None:
    picks = [(name, code) for name, choice in space.choices.items() for code in choice.codes]
    made = list(everything(space))
    with Reasoner(space) as reasoner:
        for _ in range(3):
            barred = data.draw(st.lists(st.sampled_from(picks), max_size=2, unique=True))
            fitting = [each for each in made if not each.items() & set(barred)]
            numbers = {reasoner.literal(pick): pick for pick in picks}
            possible = reasoner.possible(list(numbers), [reasoner.literal(pick, False) for pick in barred])
            assert {numbers[each] for each in possible} == {pick for each in fitting for pick in each.items()}


@given(spaces())
def test_the_number_of_configurations_is_right(space: Space) -> None:
    assert configurations(space) == len(list(everything(space)))


@given(spaces(), st.integers(0, 999))
def test_the_best_is_the_best_of_all(space: Space, seed: int) -> None:
    picks = [(name, code) for name, choice in space.choices.items() for code in choice.codes]
    worth = {pick: float((seed * (place + 3)) % 17) for place, pick in enumerate(picks)}
    made = list(everything(space))
    best = Optimum(space).best(worth)
    values = [sum(worth[pick] for pick in each.items()) for each in made]
    assert (best is None) is (not made)
    if best is not None:
        assert best in made
        assert sum(worth[pick] for pick in best.items()) == pytest.approx(max(values))


def test_alternatives_really_differ() -> None:
    optimum = Optimum(BAG)
    first = optimum.best({("size", "large"): 2.0, ("wrap", "ribbon"): 1.0})
    assert first is not None
    second = optimum.best({("size", "large"): 2.0}, unlike=[first], by=2)
    assert second is not None
    assert sum(first[name] != second[name] for name in first) >= 2


def test_the_best_keeps_what_was_picked() -> None:
    best = Optimum(BAG).best({("wrap", "box"): 5.0}, {"size": "large"})
    assert best is not None
    assert best["size"] == "large"
    assert best["wrap"] != "box"


def test_a_pick_that_is_gone_from_the_shop_fits_nothing() -> None:
    assert Optimum(BAG).best({}, {"wrap": "tin"}) is None
    with Reasoner(BAG) as reasoner:
        assert not reasoner.allows({"wrap": "tin"})
        assert reasoner.example({"wrap": "tin"}) is None


@given(spaces(), st.data())
def test_only_what_must_be_is_given_up(space: Space, data: st.DataObject) -> None:
    picks = [(name, code) for name, choice in space.choices.items() for code in choice.codes]
    drawn = data.draw(st.lists(st.sampled_from(picks), min_size=1, max_size=6, unique=True))
    with Reasoner(space) as reasoner:
        wishes = list(dict.fromkeys(reasoner.literal(pick) for pick in drawn))
        if not reasoner.fits([]):
            return
        given_up = to_give_up(reasoner, wishes)
        kept = [wish for wish in wishes if wish not in given_up]
        assert reasoner.fits(kept)
        assert not any(reasoner.fits([*kept, wish]) for wish in given_up)
        assert given_up == least_important(reasoner, wishes)


def least_important(reasoner: Reasoner, wishes: Sequence[int]) -> tuple[int, ...]:
    """What FastDiag promises: each wish is kept if it fits with the more important ones that are kept."""
    kept: list[int] = []
    for wish in wishes:
        if reasoner.fits([*kept, wish]):
            kept.append(wish)
    return tuple(wish for wish in wishes if wish not in kept)


def test_what_must_be_kept_is_never_given_up() -> None:
    with Reasoner(BAG) as reasoner:
        box, large = reasoner.literal(("wrap", "box")), reasoner.literal(("size", "large"))
        assert to_give_up(reasoner, [box], keep=[large]) == (box,)
        assert to_give_up(reasoner, [large], keep=[box]) == (large,)


def test_when_nothing_fits_it_is_said() -> None:
    with Reasoner(BAG) as reasoner:
        box, large = reasoner.literal(("wrap", "box")), reasoner.literal(("size", "large"))
        with pytest.raises(NothingFits):
            to_give_up(reasoner, [], keep=[box, large])


def test_core_and_dead_options_are_found() -> None:
    choices = {name: Choice(name, ("no", "yes")) for name in ("base", "extra", "gone")}
    always = Clause(((("base", "yes"), True),))
    never = Clause(((("gone", "yes"), False),))
    with Reasoner(Space(choices, (always, never))) as reasoner:
        core, dead = reasoner.core_and_dead()
    assert ("base", "yes") in core
    assert ("gone", "yes") in dead
    assert not any(name == "extra" for name, _ in core | dead)


def test_a_rule_too_wide_to_count_with_is_refused() -> None:
    choices = {f"c{n}": Choice(f"c{n}", tuple("abcdefgh")) for n in range(9)}
    wide = Clause(tuple(((name, "a"), True) for name in choices))
    with pytest.raises(TooWide, match="9 choices"):
        configurations(Space(choices, (wide,)))


def test_numbers_too_large_to_try_are_counted() -> None:
    choices = {f"c{n}": Choice(f"c{n}", tuple("abcdefgh")) for n in range(40)}
    pairs = [Table((f"c{n}", f"c{n + 1}"), tuple((c, c) for c in "abcdefgh")) for n in range(0, 40, 2)]
    assert configurations(Space(choices, pairs)) == 8**20


@pytest.fixture
def made() -> Sequence[Picks]:
    """Who takes the first takes the second; the third is anybody's guess."""
    return [{"one": a, "two": a, "three": c} for a, c in product("xy", "pq")] * 20


def test_the_next_choice_is_told_from_what_was_made_before(made: Sequence[Picks]) -> None:
    predictor = learn(made)
    chances = predictor.chances("two", {"one": "y"}, ("x", "y"))
    assert next(iter(chances)) == "y"
    assert chances["y"] > 0.9
    assert sum(chances.values()) == pytest.approx(1.0)
    assert abs(predictor.chances("three", {"one": "x"}, ("p", "q"))["p"] - 0.5) < 0.1


def test_a_choice_that_says_nothing_of_another_does_not_count(made: Sequence[Picks]) -> None:
    predictor = learn(made)
    told = predictor.chances("two", {"one": "y", "three": "p"}, ("x", "y"))
    assert told == pytest.approx(predictor.chances("two", {"one": "y", "three": "q"}, ("x", "y")))


def test_only_what_is_left_is_told(made: Sequence[Picks]) -> None:
    predictor = learn(made)
    assert predictor.chances("two", {"one": "y", "gone": "z"}, ("x",)) == {"x": 1.0}
    assert predictor.chances("two", {"one": "new"}, ("x", "y")) == pytest.approx({"x": 0.5, "y": 0.5})


def test_products_with_other_choices_are_learned_from_too(made: Sequence[Picks]) -> None:
    predictor = learn([*made, *[{"two": "x", "four": "f"}] * 9])
    assert next(iter(predictor.chances("four", {}, ("e", "f")))) == "f"
    assert predictor.speaking("four", {})["f"] > 1
    assert predictor.speaking("three", {"two": "x"}).keys() == {"p", "q"}


@pytest.mark.parametrize("some", [[], [{}], [{"one": "x"}]])
def test_who_has_seen_little_says_little(some: list[Picks]) -> None:
    predictor = learn(some)
    assert predictor.chances("two", {"one": "x"}, ("x", "y")) == {"x": 0.5, "y": 0.5}


def test_pairs_of_a_limit_are_those_that_fit() -> None:
    weights = {("p", code): weight for code, weight in zip("abc", (1, 5, 9), strict=True)}
    other = {("q", code): weight for code, weight in zip("abc", (0, 4, -6), strict=True)}
    choices = {name: Choice(name, tuple("abc")) for name in "pq"}
    space = Space(choices, (Limit(weights | other, 5),))
    fits = {(a, b) for a in "abc" for b in "abc" if weights["p", a] + other["q", b] <= 5}
    with Reasoner(space) as reasoner:
        assert {(a, b) for a in "abc" for b in reasoner.left({"p": a})["q"]} == fits


def test_what_one_choice_says_of_another_is_the_share_of_its_entropy_that_is_gone() -> None:
    made = [("red", "dyed"), ("raw", "plain")]
    told = learn({"wash": wash, "way": way, "leg": leg} for wash, way in made for leg in ("short", "long"))
    assert told.telling == pytest.approx(np.array([[1, 1, 0], [1, 1, 0], [0, 0, 1]]), abs=1e-9)
