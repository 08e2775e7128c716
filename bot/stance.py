"""Who stands how to what: reading likes, dislikes and rules from clauses."""

from dataclasses import dataclass, replace
from typing import Iterable, Iterator, List, Optional, Sequence, Tuple

from bot.clauses import Clause, cut_clauses
from bot.phrases import Found

LIKES, DISLIKES, NEVER = "likes", "dislikes", "never"

SURE, BARE, TOO_MUCH, ROUNDABOUT, WISH = 0.9, 0.75, 0.7, 0.6, 0.5
"""Confidence: said outright; just named; "too ..."; by a double negation; asked for in a question."""

_NEAR = 3  # characters between a wish and a negation that follows it ("floral, I don't want")


@dataclass(frozen=True)
class Wish:
    """One value and how the speaker stands to it."""

    topic: str
    value: str
    polarity: str
    confidence: float
    start: int
    end: int
    other: bool = False  # somebody else's taste, not the speaker's


@dataclass(frozen=True)
class _Group:
    """Values that share their polarity ("milk or sugar"), with the cues before and after them."""

    values: Tuple[Found, ...]
    before: Tuple[Found, ...]
    after: Tuple[Found, ...]
    is_last: bool


def read_wishes(folded: str, found: Sequence[Found], sensitive: Sequence[str]) -> List[Wish]:
    """What the speaker says of a taste, in order; questions are left out, other people's tastes marked."""
    clauses = cut_clauses(folded, [phrase for phrase in found if _matters(phrase)])
    wishes: List[Wish] = []
    about: Optional[Found] = None
    carried = None
    for place, clause in enumerate(clauses):
        groups = list(_groups(clause))
        asked = asks(folded, clause) or _leads_to_question(folded, clauses, place)
        for group in groups:
            about = _of_whom(clause, group, about)
            stance = None if _is_anybody(about) else _stance(folded, clause, group, asked, carried)
            if stance is not None:
                read = _wishes(group, *stance, sensitive=sensitive, clause=clause)
                wishes.extend(read if about is None else _of_other(read))
        carried = _carried(clause, groups)
        about = None if clause.ends_sentence else _speaks_of(clause, about)
    return wishes


def _is_anybody(about: Optional[Found]) -> bool:
    """Whether it is said of people in general ("everybody likes ..."): nobody's taste."""
    return about is not None and "#anybody" in about.tables


def _of_other(wishes: Iterable[Wish]) -> Iterator[Wish]:
    """Somebody else's tastes: wishes for what is chosen now, never kept as the speaker's."""
    for wish in wishes:
        yield replace(wish, confidence=WISH, other=True)


_CUES = {
    *("#not", "#never", "#allergy", "#too", "#like", "#double", "#mild", "#question", "#request", "#hearing"),
    *(
        "#other",
        "#self",
        "#together",
        "#than",
        "#past",
        "#now",
        "#if",
        "#but",
        "#join",
        "#either",
        "#idle",
        "#ill",
        "#gift",
    ),
}


def _matters(phrase: Found) -> bool:
    """Whether a phrase is a value or says something about values; numbers and names don't."""
    return _is_value(phrase) or not _CUES.isdisjoint(phrase.tables)


def _groups(clause: Clause) -> Iterator[_Group]:
    runs = list(_runs(clause.found))
    for number, (first, last) in enumerate(runs):
        before = runs[number - 1][1] + 1 if number else 0
        after = runs[number + 1][0] if number + 1 < len(runs) else len(clause.found)
        yield _Group(
            tuple(phrase for phrase in clause.found[first : last + 1] if _is_value(phrase)),
            clause.found[before:first],
            clause.found[last + 1 : after],
            number + 1 == len(runs),
        )


def _runs(found: Sequence[Found]) -> Iterator[Tuple[int, int]]:
    """First and last place of each run of values with nothing but joining words in between."""
    first: Optional[int] = None
    last = 0
    for place, phrase in enumerate(found):
        if _is_value(phrase):
            first = place if first is None else first
            last = place
        elif "#join" not in phrase.tables and first is not None:
            yield first, last
            first = None
    if first is not None:
        yield first, last


def _is_value(phrase: Found) -> bool:
    return any("=" in table and table[0].isalpha() and not _counts(table) for table in phrase.tables)


def _counts(table: str) -> bool:
    return table.startswith(("number=", "times="))


def _has(phrases: Iterable[Found], *tables: str) -> bool:
    return any(not phrase.tables.isdisjoint(tables) for phrase in phrases)


def asks(folded: str, clause: Clause) -> bool:
    """Chinese question words ask anywhere, English ones at the beginning, a question mark at the end."""
    text = folded[clause.start : clause.end]
    begins = clause.start + len(text) - len(text.lstrip())
    for phrase in clause.found:
        if "#question" in phrase.tables and (phrase.start == begins or not folded[phrase.start].isascii()):
            return True
    return "?" in text


def _leads_to_question(folded: str, clauses: Sequence[Clause], place: int) -> bool:
    """Whether the clause only names what the next one asks about ("if dark, would it be bitter?")."""
    clause = clauses[place]
    if clause.ends_sentence or clause.has("#like", "#not", "#never", "#too", "#self"):
        return False
    return place + 1 < len(clauses) and asks(folded, clauses[place + 1])


def _of_whom(clause: Clause, group: _Group, before: Optional[Found]) -> Optional[Found]:
    """The word for the other person whose taste a group is; None: the speaker's own."""
    first = group.values[0].start
    leading = [phrase for phrase in clause.found if phrase.start < first]
    if _has(leading, "#together"):
        return None
    return _last_named(leading, before) or _given_to(clause)


def _speaks_of(clause: Clause, before: Optional[Found]) -> Optional[Found]:
    return _last_named(clause.found, before)


def _last_named(phrases: Sequence[Found], before: Optional[Found]) -> Optional[Found]:
    for phrase in reversed(phrases):
        if "#other" in phrase.tables:
            return phrase
        if "#self" in phrase.tables:
            return None
    return before


def _given_to(clause: Clause) -> Optional[Found]:
    """The person it is for ("something floral for my mum")."""
    for place, phrase in enumerate(clause.found):
        if "#gift" in phrase.tables:
            named = [each for each in clause.found[place + 1 :] if "#self" not in each.tables][:1]
            if _has(named, "#other"):
                return named[0]
    return None


def _stance(
    folded: str, clause: Clause, group: _Group, asked: bool, carried: Optional[str]
) -> Optional[Tuple[str, float]]:
    """Polarity and confidence of a group, or None when nothing is stated."""
    if _states_nothing(clause, group, asked):
        return None
    around = group.before + _following(folded, group)
    if _has(around, "#mild") or (_has(around, "#allergy") and _negations(around)):
        return None
    polarity, confidence = _polarity(group, around, carried)
    if confidence == BARE and clause.has("#like", "#self"):
        confidence = SURE
    return polarity, WISH if asked else confidence


def _states_nothing(clause: Clause, group: _Group, asked: bool) -> bool:
    if asked and (not clause.has("#request") or clause.has("#hearing")):
        return True
    if clause.has("#if") or _has(group.before, "#than"):
        return True
    if clause.has("#than") and not clause.has("#like", "#not", "#self"):
        return True
    if len(group.values) > 1 and _joins_by(clause, group, "#either"):
        return True
    return clause.has("#past") and not clause.has("#now", "#allergy")


def _joins_by(clause: Clause, group: _Group, table: str) -> bool:
    first, last = group.values[0].start, group.values[-1].end
    between = [phrase for phrase in clause.found if first <= phrase.start < last]
    return _has(between, table)


def _following(folded: str, group: _Group) -> Tuple[Found, ...]:
    """The cues after a group that speak of it and not of the next group."""
    if group.is_last:
        return group.after
    end = group.values[-1].end
    of_this = [
        phrase
        for phrase in group.after
        if phrase.start - end <= _NEAR and not folded[phrase.start].isascii() and phrase.start > end
    ]
    return tuple(of_this[:1])


def _negations(cues: Iterable[Found]) -> int:
    return sum("#not" in phrase.tables and "#never" not in phrase.tables for phrase in cues)


def _polarity(group: _Group, around: Sequence[Found], carried: Optional[str]) -> Tuple[str, float]:
    if _has(around, "#never"):
        return NEVER, SURE
    if _has(around, "#double"):
        return LIKES, ROUNDABOUT
    negations = _negations(around)
    if negations:
        return (DISLIKES, SURE) if negations % 2 else (LIKES, ROUNDABOUT)
    if group.before and "#too" in group.before[-1].tables:
        return DISLIKES, TOO_MUCH
    if carried and not around and len(group.values) > 1:
        return carried, SURE
    return LIKES, BARE


def _carried(clause: Clause, groups: Sequence[_Group]) -> Optional[str]:
    """The negation that goes on into "…, sugar or cream"."""
    if clause.ends_sentence or not groups:
        return None
    cues = groups[-1].before
    if _has(cues, "#never"):
        return NEVER
    return DISLIKES if _negations(cues) == 1 and not clause.has("#like") else None


def _wishes(
    group: _Group, polarity: str, confidence: float, sensitive: Sequence[str], clause: Clause
) -> Iterator[Wish]:
    ill = clause.has("#allergy") or _has(group.values, "#ill")
    for phrase in group.values:
        for topic, value in _meanings(phrase, sensitive, ill, against=polarity != LIKES):
            stance = NEVER if topic in sensitive else polarity
            yield Wish(topic, value, stance, confidence, phrase.start, phrase.end)


def _meanings(phrase: Found, sensitive: Sequence[str], ill: bool, against: bool) -> List[Tuple[str, str]]:
    """Topic and value; what makes ill, or is only ever avoided, belongs to the sensitive topics."""
    pairs = sorted(tuple(table.split("=", 1)) for table in phrase.tables if "=" in table)
    rules = [pair for pair in pairs if pair[0] in sensitive]
    tastes = [pair for pair in pairs if pair[0] not in sensitive]
    if ill or (against and not tastes):
        return rules or tastes
    return tastes
