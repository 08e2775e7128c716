"""How a clause is said: asked, supposed, heard from others, past, just for today, and of whom."""

from dataclasses import dataclass
from typing import Iterable, List, Optional, Sequence

from bot.clauses import Clause, is_value
from bot.phrases import Found

PERSON = "#person"


@dataclass(frozen=True)
class Manner:
    """What holds of everything that is said in a clause."""

    asked: bool = False  # in a question
    supposed: bool = False  # under a condition; "if you have it" is none
    reported: bool = False  # others say so
    past: bool = False  # it happened once
    ended: bool = False  # it was so and is no longer
    passing: bool = False  # for today, for this time
    compared: bool = False  # with what was before
    complained: bool = False  # of what came in one delivery

    @property
    def states_nothing(self) -> bool:
        return self.supposed or self.reported or (self.past and not self.ended)


def manners(folded: str, clauses: Sequence[Clause]) -> List[Manner]:
    """How each clause of a message is said, in their order."""
    said: List[Manner] = []
    before = Manner()
    for place in range(len(clauses)):
        begins = place == 0 or clauses[place - 1].ends_sentence
        before = _manner(folded, clauses, place, Manner() if begins else before)
        said.append(before)
    return said


def _manner(folded: str, clauses: Sequence[Clause], place: int, before: Manner) -> Manner:
    clause = clauses[place]
    own = clause.has("#self") and clause.has("#like", "#not", "#never")
    return Manner(
        asked=asks(folded, clause) or _leads_to_question(folded, clauses, place),
        supposed=clause.has("#if") or (before.supposed and not clause.has("#but")),
        reported=clause.has("#hearsay") or _somebody_says(clause) or (before.reported and not own),
        past=clause.has("#once", "#past") and not _changes(clause),
        ended=clause.has("#retract") or _has_ended(clauses, place),
        complained=clause.has("#spoilt")
        or (before.complained and not clause.has("#like", "#not", "#never", "#self")),
        compared=clause.has("#than_last") or before.compared,
        passing=clause.has("#today") or (before.passing and not clause.has("#usual", "#now")),
    )


def _changes(clause: Clause) -> bool:
    """Whether it tells of a change that holds since then ("switched from dark to light last month")."""
    return clause.has("#now") and clause.has("#away_from", "#to") and not clause.has("#once")


def asks(folded: str, clause: Clause) -> bool:
    """Chinese question words ask anywhere, English ones at the beginning, a question mark at the end."""
    text = folded[clause.start : clause.end]
    begins = clause.start + len(text) - len(text.lstrip())
    for phrase in clause.found:
        if phrase.has("#asking"):
            return True
        if phrase.has("#question") and (phrase.start == begins or not folded[phrase.start].isascii()):
            return True
    return "?" in text


def _somebody_says(clause: Clause) -> bool:
    """Whether somebody else calls a thing so ("my friend says it's hard"), and nobody's taste is told."""
    for place, phrase in enumerate(clause.found[1:], 1):
        if phrase.has("#says") and is_other(clause.found[place - 1]):
            return not any(is_other(each) or each.has("#self") for each in clause.found[place + 1 :])
    return False


def _leads_to_question(folded: str, clauses: Sequence[Clause], place: int) -> bool:
    """Whether the clause only names what the next one asks about ("if dark, would it be heavy?")."""
    clause = clauses[place]
    if clause.ends_sentence or clause.has("#like", "#not", "#never", "#too", "#self"):
        return False
    return place + 1 < len(clauses) and asks(folded, clauses[place + 1])


def _has_ended(clauses: Sequence[Clause], place: int) -> bool:
    """What once was has ended; what merely happened has, where the talk goes on to what is now."""
    clause = clauses[place]
    if place + 1 < len(clauses) and _only_takes_back(clauses[place + 1]):
        return True
    if clause.has("#last") or (clause.has("#past") and clause.has("#not", "#never")):
        return False
    if clause.has("#once"):
        return not clause.has("#not", "#never")
    if not clause.has("#past") or clause.ends_sentence or place + 1 == len(clauses):
        return False
    return clauses[place + 1].has("#now")


def _only_takes_back(clause: Clause) -> bool:
    """Whether the clause says that what went before it doesn't hold, and names nothing itself."""
    return clause.has("#retract") and not any(map(is_value, clause.found))


def is_other(phrase: Found) -> bool:
    """Whether the words name somebody else than the speaker."""
    return phrase.has("#other") or phrase.code(PERSON) is not None


@dataclass(frozen=True)
class Whose:
    """Somebody else whose taste is told."""

    who: Optional[str]  # the code of a person, when it is known
    anybody: bool = False  # people in general, whose taste is nobody's


def whose(clause: Clause, place: int, before: Optional[Whose]) -> Optional[Whose]:
    """Whose taste it is that is named at a place of the text; None: the speaker's own."""
    leading = [phrase for phrase in clause.found if phrase.start < place]
    if any(phrase.has("#together") for phrase in leading):
        return None
    return _last_named(leading, before) or recipient(clause)


def goes_on(clause: Clause, before: Optional[Whose]) -> Optional[Whose]:
    """Whom the talk is about after a clause."""
    about = _last_named(clause.found, before)
    return None if about is not None and about.anybody else about


def _last_named(phrases: Sequence[Found], before: Optional[Whose]) -> Optional[Whose]:
    about = before
    for phrase in phrases:
        if is_other(phrase):
            about = _whose(phrase, about)
        elif phrase.has("#self"):
            about = None
    return about


def _whose(phrase: Found, before: Optional[Whose]) -> Whose:
    """A pronoun stands for the person named before it."""
    who = phrase.code(PERSON)
    if who is None and not phrase.has("#anybody") and before is not None:
        return before
    return Whose(who, phrase.has("#anybody"))


def recipient(clause: Clause) -> Optional[Whose]:
    """The person it is for ("something nice for my mum")."""
    for place, phrase in enumerate(clause.found):
        if phrase.has("#gift"):
            named = _first_named(clause.found[place + 1 :])
            if named is not None:
                return _whose(named, None)
    return None


def _first_named(phrases: Iterable[Found]) -> Optional[Found]:
    """The person right after "for", "my" aside."""
    for phrase in phrases:
        if not phrase.has("#self"):
            return phrase if is_other(phrase) else None
    return None
