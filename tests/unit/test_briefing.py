"""Three lines for a colleague who picks up the phone: of several made-up customers, in three languages."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from one_to_one.briefing import LINES, Bought, Briefing, Grievance, Person, Word
from one_to_one.facts import Fact, FactId, Polarity, Source
from one_to_one.history import Rating
from one_to_one.language import Language, foreign_to
from one_to_one.order_states import OrderState
from one_to_one.wording import Wording
from tests.unit.packs import bakery
from tests.unit.shopfronts import TEXTS

NOW = datetime(2026, 3, 20, 12, tzinfo=UTC)
DAY = timedelta(days=1)


def knows(
    topic: str, value: str, polarity: Polarity = Polarity.LIKES, days: int = 1, *, stated: bool = True
) -> Fact:
    """Something learned so many days ago."""
    at = NOW - days * DAY
    source = Source(None, "web", at)
    return Fact(FactId(days), topic, value, polarity, stated, 0.9, at, None, at, source)


def bought(state: str, days: int = 9, *ratings: Rating, number: str = "7") -> Bought:
    """An order of two loaves."""
    return Bought(number, ["2 × Rye"], Decimal(12), NOW - days * DAY, state, ratings)


def told(person: Person, language: Language = Language.ENGLISH) -> tuple[str, ...]:
    """The lines about somebody."""
    return Briefing(Wording(TEXTS, bakery(), language), NOW).lines(person)


HARRIET = Person(
    called="Harriet",
    facts=[
        knows("grain", "rye"),
        knows("contains", "gluten", Polarity.NEVER),
        knows("filling", "olives", Polarity.DISLIKES),
        knows("name", "Harriet"),
    ],
    grievances=[Grievance("the crust was burnt", NOW - 2 * DAY)],
    words=[Word("an answer to the complaint", NOW - DAY)],
    draft=bought(OrderState.DRAFT, 0),
    last=bought(OrderState.DONE, 30, Rating.LIKED, number="3"),
    visits=4,
    since=NOW - 90 * DAY,
)
REGULAR = replace(HARRIET, grievances=[], words=[], draft=None)
PEOPLE = {
    "with everything": HARRIET,
    "a regular": REGULAR,
    "waits": Person(waits_since=NOW - DAY / 24, visits=1, since=NOW - DAY),
    "is held": Person(called="Joe", held_by="Mei", under_way=bought(OrderState.SENT), visits=1, since=NOW),
    "private": Person(called="Joe", private=True, facts=[knows("grain", "rye")], visits=2, since=NOW - DAY),
    "complains often": Person(
        called="Joe", grievances=[Grievance("late", NOW - 400 * DAY, 1), Grievance("cold", NOW - DAY)]
    ),
    "decides": Person(proposed=["Rye", "Spelt"], proposed_at=NOW - DAY, asked="crust", visits=1, since=NOW),
    "waits for a yes": Person(called="Ann", awaiting=bought(OrderState.AWAITING)),
    "new": Person(visits=1, since=NOW - DAY),
    "often here": Person(called="Ann", visits=5, since=NOW - 40 * DAY),
    "imported": Person(),
}


def test_what_is_owed_comes_first_then_the_order_in_hand_then_their_tastes_and_the_last_order() -> None:
    assert told(HARRIET) == (
        "Harriet complained on Mar 18, and nobody has solved it yet: “the crust was burnt” "
        "We promised an answer to the complaint by Mar 19, 12:00, and are late.",
        "They are about to order 2 × Rye for €12; all it needs is a yes.",
        "They like rye; they would rather not have olives; never gluten. "
        "They last bought 2 × Rye on Feb 18, for €12, and liked it.",
    )


def test_without_anything_owed_the_tastes_come_first() -> None:
    assert told(REGULAR) == (
        "They like rye; they would rather not have olives; never gluten.",
        "They last bought 2 × Rye on Feb 18, for €12, and liked it.",
    )


def test_somebody_in_private_mode_has_no_tastes_here() -> None:
    assert told(PEOPLE["private"]) == ("They want no profile: we keep no tastes, and ask for none.",)


def test_what_was_promised_in_time_is_not_late() -> None:
    early = replace(HARRIET, words=[Word("an answer", NOW + DAY), Word("a call", NOW + 2 * DAY)])
    assert (
        "We promised an answer by Mar 21, 12:00. Besides that, 1 more of our promises are open."
        in told(early)[0]
    )


def test_a_year_that_is_over_is_named() -> None:
    assert "Feb 13, 2025" in told(PEOPLE["complains often"])[0]


def test_of_many_likes_those_believed_most_are_named_and_what_has_faded_goes_last() -> None:
    likes = [
        knows("grain", "spelt", days=900),
        knows("crust", "soft", days=3, stated=False),
        *(
            knows("filling", value, days=2 + place)
            for place, value in enumerate(("olives", "seeds", "cheese"))
        ),
        knows("grain", "rye", days=1),
    ]
    assert told(Person(facts=likes)) == ("They like rye, olives, seeds, cheese.",)


def test_a_proposal_of_long_ago_is_nothing_they_are_in_the_middle_of() -> None:
    fresh = PEOPLE["decides"]
    old = replace(fresh, proposed_at=NOW - 60 * DAY)
    assert "Spelt" in told(fresh)[0]
    assert "Spelt" not in "".join(told(old))


def test_the_order_under_way_is_not_told_twice() -> None:
    sent = bought(OrderState.SENT)
    assert told(Person(under_way=sent, last=sent)) == ("Order 7 of Mar 11 is on its way: 2 × Rye, €12.",)


@pytest.mark.parametrize("language", Language)
@pytest.mark.parametrize("who", PEOPLE)
def test_everybody_has_one_to_three_lines_of_whole_sentences_in_every_language(
    who: str, language: Language
) -> None:
    lines = told(PEOPLE[who], language)
    assert 1 <= len(lines) <= LINES
    for line in lines:
        assert line[-1] in ".。”」"
        assert "{" not in line
        assert not line[0].islower()
        assert not foreign_to(language, line)


@pytest.mark.parametrize("language", Language)
def test_a_long_complaint_is_cut_and_what_must_be_hidden_is(language: Language) -> None:
    person = Person(grievances=[Grievance("secret " * 90, NOW)])
    wording = Wording(TEXTS, bakery(), language)
    (line,) = Briefing(wording, NOW, lambda words: words.replace("secret", "•••")).lines(person)
    assert "secret" not in line
    assert len(line) < 220
