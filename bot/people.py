"""Who and what belongs to the speaker's life: occasions, the household, pastimes."""

import re
from typing import Collection, Iterator, List, Optional, Sequence, Tuple

from bot.clauses import Clause, cut_clauses, sentences
from bot.dates import Day, read_days
from bot.manner import PERSON, Manner, Whose, asks, goes_on, is_other, manners, whose
from bot.numbers import Number, read_numbers, written
from bot.phrases import Found
from bot.signs import Signs
from bot.wish import BARE, LIKES, SURE, WISH, Wish

EVENT, ANIMAL, PASTIME = "#event", "#animal", "#pastime"
_MOST_AT_HOME = 12
_OWN_WORDS = re.compile(r"[^,.!?;~\u3002\u3001\n]+")
_LONGEST_PASTIME = 20


def read_occasions(
    folded: str, found: Sequence[Found], signs: Signs, topics: Collection[str]
) -> Iterator[Wish]:
    """Days to remember: what kind, whose, and when, as `birthday:daughter:--05-05`; empty where not said."""
    if not topics or not any(phrase.code(EVENT) for phrase in found):
        return
    for sentence in sentences(cut_clauses(folded, found)):
        inside = [phrase for clause in sentence for phrase in clause.found]
        days = read_days(folded, sentence[0].start, sentence[-1].end, inside, signs)
        for clause in sentence:
            for phrase in clause.found:
                if phrase.code(EVENT) and not clause.has("#if", "#hearsay"):
                    wish = _occasion(folded, clause, phrase, inside, days, next(iter(topics)))
                    if wish is not None:
                        yield wish


def _occasion(
    folded: str, clause: Clause, event: Found, found: Sequence[Found], days: Sequence[Day], topic: str
) -> Optional[Wish]:
    person = _whose_day(folded, event, found)
    day = _nearest(event, days)
    if (day is None and person is None) or (asks(folded, clause) and day is None):
        return None
    moon = any(phrase.has("#moon") for phrase in found)
    date = day.written if day and not moon else ""
    start, end = (min(event.start, day.start), max(event.end, day.end)) if day else (event.start, event.end)
    value = f"{event.code(EVENT)}:{person or ''}:{date}"
    return Wish(topic, value, LIKES, WISH if moon else SURE if day else BARE, start, end)


def _whose_day(folded: str, event: Found, found: Sequence[Found]) -> Optional[str]:
    """The person named last before the event, or right after it ("the birthday of my son")."""
    before = [phrase for phrase in found if phrase.end <= event.start and phrase.code(PERSON)]
    if before:
        return before[-1].code(PERSON)
    after = [phrase for phrase in found if phrase.start >= event.end and phrase.code(PERSON)]
    belongs = bool(after) and folded[event.end : after[0].start].split()[:1] == ["of"]
    return after[0].code(PERSON) if belongs else None


def _nearest(event: Found, days: Sequence[Day]) -> Optional[Day]:
    """The date beside an event."""
    return min(days, key=lambda day: max(day.start - event.end, event.start - day.end), default=None)


def read_household(
    folded: str, found: Sequence[Found], signs: Signs, topics: Collection[str]
) -> Iterator[Wish]:
    """Who lives with the speaker, as `child:2` or `cat`."""
    if not topics or not any(map(_is_member, found)):
        return
    numbers = read_numbers(folded, found, signs)
    clauses = cut_clauses(folded, found)
    at_home = False
    for clause, manner in zip(clauses, manners(folded, clauses)):
        if manner.asked or manner.states_nothing or manner.ended:
            continue
        members = list(_members(folded, clause, numbers, signs, at_home))
        at_home = bool(members) or clause.has("#home")
        for member, code, number in members:
            count = f":{written(number.high)}" if number else ""
            places = [member, *filter(None, (number,))]
            start, end = min(place.start for place in places), max(place.end for place in places)
            yield Wish(next(iter(topics)), code + count, LIKES, SURE, start, end)


def _is_member(phrase: Found) -> bool:
    return (
        phrase.code(PERSON) is not None or phrase.code(ANIMAL) is not None or phrase.has("#alone", "#heads")
    )


def _members(
    folded: str, clause: Clause, numbers: Sequence[Number], signs: Signs, at_home: bool
) -> Iterator[Tuple[Found, str, Optional[Number]]]:
    """Those named with words of living together, their code, and how many of them.

    `at_home`: the clause before was of the household.
    """
    listed = at_home and len(clause.found) > 0 and _is_listed(clause.found)
    for place, phrase in enumerate(clause.found):
        number = _how_many(folded, phrase, numbers, signs)
        if phrase.has("#alone"):
            yield phrase, "alone", None
        elif phrase.has("#heads"):
            if number is not None and clause.has("#home", "#living"):
                yield phrase, "person", number
        elif (listed and (phrase.code(ANIMAL) or phrase.has("#kin"))) or _lives_with(
            folded, clause, place, number, signs
        ):
            yield phrase, str(phrase.code(PERSON) or phrase.code(ANIMAL)), number


def _lives_with(folded: str, clause: Clause, place: int, number: Optional[Number], signs: Signs) -> bool:
    """Whether somebody is said to be at home: "live with my parents", "I have two kids"."""
    member, before = clause.found[place], clause.found[:place]
    is_animal = member.code(ANIMAL) is not None
    if not (is_animal or member.code(PERSON)) or any(phrase.has("#not") for phrase in before):
        return False
    if any(phrase.has("#living") for phrase in clause.found):
        return True
    if member.has("#offspring") and _has(clause.found[place + 1 :], "#growing"):
        return not any(map(is_other, before))
    has = any(phrase.has("#home") or (is_animal and phrase.has("#own")) for phrase in before)
    alone = (
        is_animal
        or number is not None
        or (member.has("#kin") and _is_listed(clause.found))
        or (member.has("#offspring") and _is_last(folded, clause, place, signs))
    )
    return has and alone


def _is_listed(found: Sequence[Found]) -> bool:
    """Whether a clause only lists those at home, and tells nothing of their tastes."""
    listed = sum(phrase.has("#kin", "#together") or phrase.code(ANIMAL) is not None for phrase in found)
    tastes = any(phrase.has("#like", "#not", "#gift", "#event") for phrase in found)
    return not tastes and listed > (0 if found[0].code(ANIMAL) or found[0].has("#measure") else 1)


def _has(phrases: Sequence[Found], *tables: str) -> bool:
    return any(phrase.has(*tables) for phrase in phrases)


def _is_last(folded: str, clause: Clause, place: int, signs: Signs) -> bool:
    """Whether nothing is said of the member: "I have kids", not "I have kids' cups"."""
    following = clause.found[place + 1 :]
    if following and following[0].has("#join"):
        return True
    return len(folded[clause.found[place].end : clause.end].strip(signs.endings)) == 0


def _how_many(folded: str, member: Found, numbers: Sequence[Number], signs: Signs) -> Optional[Number]:
    """The number before the member, or the one after "a family of"."""
    for number in numbers:
        behind = number.start >= member.end and not folded[member.end : number.start].strip()
        if behind and member.has("#heads"):
            return number
        if number.end <= member.start and signs.counter.fullmatch(folded, number.end, member.start):
            return number if 2 <= number.high <= _MOST_AT_HOME else None
    return None


def read_pastimes(folded: str, found: Sequence[Found], topics: Collection[str]) -> Iterator[Wish]:
    """What somebody likes to do: the code of a listed pastime, or the words they say it with."""
    if not topics or not any(phrase.code(PASTIME) or phrase.has("#my_pastime") for phrase in found):
        return
    topic = next(iter(topics))
    about: Optional[Whose] = None
    clauses = cut_clauses(folded, found)
    for clause, manner in zip(clauses, manners(folded, clauses)):
        about = whose(clause, clause.end, about)
        if not (manner.asked or manner.states_nothing or manner.ended):
            for wish in _pastimes(folded, clause, manner, topic):
                yield wish if about is None else _of_other(wish, about)
        about = None if clause.ends_sentence else goes_on(clause, about)


def _of_other(wish: Wish, about: Whose) -> Wish:
    return Wish(wish.topic, wish.value, LIKES, WISH, wish.start, wish.end, other=True, who=about.who)


def _does(folded: str, clause: Clause, pastime: Found) -> bool:
    """Whether the speaker says nothing but that they do it ("I paint")."""
    before = clause.found[: clause.found.index(pastime)]
    alone = not folded[pastime.end : clause.end].strip(" ,.!")
    return (
        alone
        and bool(before)
        and before[-1].has("#self")
        and not folded[before[-1].end : pastime.start].strip()
    )


def _pastimes(folded: str, clause: Clause, manner: Manner, topic: str) -> List[Wish]:
    listed = [phrase for phrase in clause.found if phrase.code(PASTIME)]
    own = next((phrase for phrase in clause.found if phrase.has("#my_pastime")), None)
    if listed:
        liked = (
            own is not None
            or _does(folded, clause, listed[0])
            or clause.has("#like", "#usual", "#lasting", "#often")
        )
        against = clause.has("#not", "#never", "#today")
        return [
            Wish(topic, str(phrase.code(PASTIME)), LIKES, SURE, phrase.start, phrase.end)
            for phrase in (listed if liked and not against else ())
        ]
    if own is None:
        return []
    words = _OWN_WORDS.match(folded, own.end, min(clause.end, own.end + _LONGEST_PASTIME))
    said = words.group().strip() if words else ""
    if not said or words is None:
        return []
    start = words.start() + words.group().index(said)
    return [Wish(topic, said, LIKES, BARE, start, start + len(said))]
