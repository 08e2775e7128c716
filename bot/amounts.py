"""Counts with their unit, and amounts of money."""

from dataclasses import dataclass, replace
from typing import Collection, Dict, List, Mapping, Optional, Sequence

from bot.clauses import Clause, cut_clauses, is_value
from bot.manner import Manner, Whose, goes_on, manners, whose
from bot.numbers import Number, and_a_half, read_numbers, written
from bot.phrases import Found
from bot.signs import Signs
from bot.wish import BARE, LIKES, SURE, WISH, Wish

PER_DAY = "_per_day"  # topics whose name ends so are counted by the day
_UNIT = "#unit"
_NAMED = "#named"
_BETWEEN = 12  # characters at most between the name of something and its number
_LEAST = 10.0  # a smaller number without its currency is no amount of money


@dataclass(frozen=True)
class _Said:
    """A clause and what holds of it."""

    clause: Clause
    manner: Manner
    about: Optional[Whose]
    by_day: bool  # the sentence speaks of days, and nothing was counted by them yet
    in_part: bool  # it says when in a day, of a habit
    asked_for: bool  # the next clause asks for it ("below 200, do you have any?")


def read_amounts(
    folded: str, found: Sequence[Found], signs: Signs, money: Collection[str], per_day: Collection[str]
) -> List[Wish]:
    """Counts with a unit of a topic, and amounts of `money` topics that are named as a limit."""
    numbers = read_numbers(folded, found, signs)
    if not numbers:
        return []
    wishes: List[Wish] = []
    by_name: Optional[bool] = None  # whether numbers stand behind what they are of ("height 32, width 40")
    begins = 0  # of a clause that goes on from "sorry, "
    earlier: Optional[Wish] = None  # what was counted at other times of the day
    theirs: Dict[Wish, Whose] = {}  # what is said of somebody else
    for said in _clauses(folded, found):
        inside = [number for number in numbers if said.clause.start <= number.start < said.clause.end]
        for number in inside if _is_stated(said) else ():
            named = _named(folded, said, number)
            counted = _counted(folded, said, number, per_day, signs, earlier is not None)
            by_name = by_name if by_name is not None or named is counted else named is not None
            wish = (named or counted if by_name else counted) or _spent(folded, said, number, money)
            if wish is None and earlier is not None:
                wish = _again(folded, said, number, earlier)
            if wish is not None:
                by_part = said.in_part and wish.topic.endswith(PER_DAY)
                if by_part and earlier is not None:
                    wishes.remove(earlier)
                    wish = _added(earlier, wish)
                wish = _told(wish, said, money)
                earlier = wish if by_part else earlier
                wishes.append(wish)
                theirs.update({wish: said.about} if said.about is not None else {})
            elif wishes and _is_correction(folded, said, number, begins):
                value = written(number.high)
                wishes[-1] = replace(wishes[-1], value=value, start=number.start, end=number.end)
        begins = said.clause.end if said.clause.has("#i_mean") and not inside else 0
    return [_of_each(wish, wishes, theirs, money) for wish in wishes]


def _clauses(folded: str, found: Sequence[Found]) -> List[_Said]:
    clauses = cut_clauses(folded, found)
    said: List[_Said] = []
    about: Optional[Whose] = None
    by_day = counted = False
    following = [*clauses[1:], None]
    for clause, manner, after in zip(clauses, manners(folded, clauses), following):
        after = None if clause.ends_sentence else after
        asked_for = after is not None and after.has("#request") and not any(map(is_value, after.found))
        by_day, counted = by_day or clause.has("#per_day"), counted and not clause.has("#per_day", "#now")
        in_part = clause.has("#part_of_day") or _says_only_when(after)
        in_part = in_part and not (manner.passing or clause.has("#past"))
        whom, daily = whose(clause, clause.end, about), (by_day and not counted) or in_part
        said.append(_Said(clause, manner, whom, daily, in_part, asked_for))
        about = None if clause.ends_sentence else goes_on(clause, about)
        by_day = by_day and not clause.ends_sentence
        counted = counted or any(map(_is_unit, clause.found))
    return said


def _says_only_when(clause: Optional[Clause]) -> bool:
    """Whether a clause adds no more than when in a day ("one cup, mostly with breakfast")."""
    return clause is not None and clause.has("#part_of_day") and not any(map(_is_unit, clause.found))


def _is_unit(phrase: Found) -> bool:
    return any(table.endswith(_UNIT) for table in phrase.tables)


def _is_stated(said: _Said) -> bool:
    wished = said.clause.has("#request") and not said.clause.has("#hearing", "#asking")
    return not said.manner.states_nothing and (not said.manner.asked or wished or said.asked_for)


def _told(wish: Wish, said: _Said, money: Collection[str]) -> Wish:
    if said.manner.asked:
        wish = replace(wish, confidence=WISH)
    if said.about is not None and wish.topic not in money:
        wish = replace(wish, confidence=WISH, other=True, who=said.about.who)
    return replace(wish, lasting=not said.manner.passing, ends=said.manner.ended)


def _next(folded: str, clause: Clause, end: int) -> Optional[Found]:
    """The phrase that begins right after `end`, white space aside."""
    while end < clause.end and folded[end].isspace():
        end += 1
    return next((phrase for phrase in clause.found if phrase.start == end), None)


def _again(folded: str, said: _Said, number: Number, earlier: Wish) -> Optional[Wish]:
    """So many at another time of the day, what is counted left out ("one cup first thing, two at night")."""
    after = _next(folded, said.clause, number.end)
    if after is None or not after.has("#part_of_day"):
        return None
    return Wish(earlier.topic, written(number.middle), LIKES, SURE, number.start, number.end)


def _added(earlier: Wish, wish: Wish) -> Wish:
    """With what was counted at other times of the day ("one in the morning, two at night")."""
    return replace(wish, value=written(float(earlier.value) + float(wish.value)))


def _of_each(
    wish: Wish, wishes: Sequence[Wish], theirs: Mapping[Wish, Whose], money: Collection[str]
) -> Wish:
    """An amount for somebody else is theirs where the speaker names one of their own beside it."""
    whom = theirs.get(wish)
    own = any(each.topic in money and each not in theirs for each in wishes)
    if wish.topic not in money or whom is None or not own:
        return wish
    return replace(wish, confidence=WISH, other=True, who=whom.who)


def _named(folded: str, said: _Said, number: Number) -> Optional[Wish]:
    """A number behind the name of what it is of ("my height is about 32")."""
    before = [phrase for phrase in said.clause.found if phrase.end <= number.start]
    names = [phrase for phrase in before if any(table.endswith(_NAMED) for table in phrase.tables)]
    if not names or len(folded[names[-1].end : number.start]) > _BETWEEN:
        return None
    if any(character.isdigit() for character in folded[names[-1].end : number.start]):
        return None
    topic = next(table for table in sorted(names[-1].tables) if table.endswith(_NAMED))[: -len(_NAMED)]
    return Wish(topic, written(number.middle), LIKES, SURE, names[-1].start, number.end)


def _counted(
    folded: str, said: _Said, number: Number, per_day: Collection[str], signs: Signs, adds: bool
) -> Optional[Wish]:
    """A number of a topic's unit, or of times a day; `adds`: to what was counted at another time."""
    unit = _next(folded, said.clause, number.end)
    if unit is None:
        return None
    topics = [table[: -len(_UNIT)] for table in unit.tables if table.endswith(_UNIT)]
    counts = adds or said.clause.has("#per_day") or not said.in_part
    by_day = said.by_day and (counts or not _is_of_something(folded, said.clause, unit))
    topic = next((topic for topic in topics if by_day or not topic.endswith(PER_DAY)), None)
    if topic is not None:
        value = number.middle + and_a_half(folded, unit.end, signs)
        if said.clause.has("#twice_a_day") and (number.middle == 1 or said.clause.has("#apiece")):
            value *= 2
        return Wish(topic, written(value), LIKES, SURE, number.start, unit.end)
    if said.by_day and len(per_day) == 1 and unit.has("#times", "#per_day") and number.middle >= 1:
        return Wish(next(iter(per_day)), written(number.middle), LIKES, BARE, number.start, unit.end)
    return None


def _is_of_something(folded: str, clause: Clause, unit: Found) -> bool:
    """Whether so much of one kind is spoken of ("a cup of tea in the morning"), and not how much in a day."""
    following = _next(folded, clause, unit.end)
    return following is not None and is_value(following)


def _spent(folded: str, said: _Said, number: Number, money: Collection[str]) -> Optional[Wish]:
    """An amount that is named as a limit; of a range its upper end."""
    after = _next(folded, said.clause, number.end)
    if not money or (after is not None and after.has("#measure", "#per_day", "#period=7", "#period=30")):
        return None
    priced = _is_priced(folded, said.clause, number, after)
    if not said.clause.has("#budget") or (number.high < _LEAST and not priced):
        return None
    return Wish(next(iter(money)), written(number.high), LIKES, SURE, number.start, number.end)


def _is_correction(folded: str, said: _Said, number: Number, begins: int) -> bool:
    """Whether another number comes in the place of the last one ("... I mean 500")."""
    after = _next(folded, said.clause, number.end)
    if after is not None and (after.has("#measure") or _is_unit(after)):
        return False
    goes_on_so = begins == said.clause.start > 0 and not folded[begins : number.start].strip()
    return said.clause.has("#i_mean") or goes_on_so


def _is_priced(folded: str, clause: Clause, number: Number, after: Optional[Found]) -> bool:
    """Whether a currency stands beside the number."""
    before = [phrase for phrase in clause.found if phrase.end <= number.start][-1:]
    beside = [phrase for phrase in before if not folded[phrase.end : number.start].strip()]
    return any(phrase.has("#currency") for phrase in (*beside, *filter(None, (after,))))
