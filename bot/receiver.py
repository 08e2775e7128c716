"""For whom something is wanted, whether or not a taste of theirs is told ("show me one for dad")."""

from typing import Dict, Iterator, List, Mapping, Optional, Sequence, Tuple

from bot.clauses import Clause, cut_clauses, is_value
from bot.manner import PERSON, Manner, is_other, manners
from bot.phrases import OF_NAMES, Found
from bot.wish import LIKES, SURE, Wish
from bot.words import cut
from one_to_one.folding import fold

RECEIVER = "#receiver"
"""The entity's name, which no topic of a shop can have. `who` is a code, the value how they are called."""

SOMEBODY = "other"
"""Whoever it is: a pronoun, or nobody named at all."""

_WANTING = ("#request", "#present", "#which")
_PLAIN = OF_NAMES | {"#hearing"}  # words that say nothing here, such as "the"
_BETWEEN = 2  # words at most that say something of the person ("for an old friend")


def read_receivers(
    text: str, folded: str, found: Sequence[Found], names: Mapping[str, int]
) -> Iterator[Wish]:
    """Each place that says for whom a thing is wanted; the words for the present itself are one too."""
    if not any(map(_leads, found)):
        return
    clauses = cut_clauses(folded, found)
    who: Optional[str] = None
    wants_present: List[Found] = []
    for clause, manner in zip(clauses, manners(folded, clauses)):
        if manner.reported or manner.past or manner.ended or clause.has("#together"):
            continue
        for start, phrase in _named(folded, clause, manner):
            who = _code(phrase) or who or _only_person(found) or SOMEBODY
            called = _called(text, folded, phrase, names)
            yield Wish(RECEIVER, called or who, LIKES, SURE, start, phrase.end, other=True, who=who)
        wants_present.extend(_presents(clause, manner))
    for phrase in wants_present:
        name = who or _only_person(found) or SOMEBODY
        yield Wish(RECEIVER, name, LIKES, SURE, phrase.start, phrase.end, other=True, who=name)


def _leads(phrase: Found) -> bool:
    return phrase.has("#gift", "#present", "#buy", "#suits", "#which") or phrase.has_any(RECEIVER)


def _named(folded: str, clause: Clause, manner: Manner) -> Iterator[Tuple[int, Found]]:
    """Those for whom it is, with where the words for that begin."""
    asks_of_a_thing = manner.asked and not clause.has(*_WANTING)
    for place, phrase in enumerate(clause.found):
        if asks_of_a_thing or _is_denied(clause, place):
            continue
        if phrase.code(RECEIVER) is not None:
            yield phrase.start, phrase
        elif phrase.has("#gift") or (phrase.has("#buy", "#suits") and clause.has(*_WANTING)):
            named = _right_after(folded, clause.found[place:])
            if named is not None:
                yield phrase.start, named
        elif manner.asked and _would_like(clause, place):
            yield phrase.start, phrase


def _is_denied(clause: Clause, place: int) -> bool:
    """Whether it is said for whom it isn't ("not for my dad")."""
    return place > 0 and clause.found[place - 1].has("#not") and not clause.found[place].has("#not")


def _would_like(clause: Clause, place: int) -> bool:
    """Whether it is asked what a person would like ("what would my mum like?"), and no taste is named."""
    if (
        clause.found[place].code(PERSON) is None
        or not clause.has("#which")
        or any(map(is_value, clause.found))
    ):
        return False
    following = [phrase for phrase in clause.found[place + 1 :] if not phrase.tables <= _PLAIN]
    return bool(following) and following[0].has("#like")


def _right_after(folded: str, phrases: Sequence[Found]) -> Optional[Found]:
    """The person that the first phrase leads to, "my" and "a" aside; what is theirs is another thing."""
    end = phrases[0].end
    for place, phrase in enumerate(phrases[1:], 1):
        if sum(1 for _ in cut(folded[end : phrase.start])) > _BETWEEN:
            return None
        if is_other(phrase):
            return phrase if _is_whole(folded, phrase, phrases[place + 1 :]) else None
        if not (phrase.has("#self") or phrase.tables <= _PLAIN):
            return None
        end = phrase.end
    return None


def _is_whole(folded: str, person: Found, following: Sequence[Found]) -> bool:
    """Whether they are meant ("for dad's birthday"), and nothing else of theirs ("for dad's car")."""
    if person.has("#anybody"):
        return False
    if not folded[person.start : person.end].endswith(("'s", "\u2019s", "s'")):
        return True
    return bool(following) and following[0].has_any("#event")


def _code(phrase: Found) -> Optional[str]:
    return phrase.code(PERSON) or phrase.code(RECEIVER)


def _called(text: str, folded: str, phrase: Found, names: Mapping[str, int]) -> str:
    """How the customer calls the person, "my" aside; "": there is no word for it alone."""
    own = folded[phrase.start : phrase.end].removesuffix("'s")
    begins = names.get(own) if phrase.code(PERSON) else None
    called = "" if begins is None else text[phrase.start + begins : phrase.start + len(own)]
    return called if len(called) > 1 else ""


def names_of(words: Mapping[str, Sequence[str]]) -> Dict[str, int]:
    """Each word for a person, and where in it the word without "my" begins; left out where that is none."""
    mine = [fold(word) for word in words.get("#self", ())]
    people = {
        fold(word) for table, entries in words.items() if table.startswith(f"{PERSON}=") for word in entries
    }
    names: Dict[str, int] = {}
    for word in people:
        heads = [own + " " * own.isascii() for own in mine if word.startswith(own + " " * own.isascii())]
        head = len(max(heads, key=len, default=""))
        if not head or word[head:] in people:
            names[word] = head
    return names


def _presents(clause: Clause, manner: Manner) -> List[Found]:
    """The words for a present that is wanted now; who often gives presents tells a habit."""
    if clause.has("#usual", "#often", "#not", "#never", "#asking", "#delivery"):
        return []
    if manner.asked and not clause.has("#request", "#which"):
        return []
    return [phrase for phrase in clause.found if phrase.has("#present") and not phrase.code(RECEIVER)]


def _only_person(found: Sequence[Found]) -> Optional[str]:
    """The person a message names, where it names one only."""
    codes = {code for code in (phrase.code(PERSON) for phrase in found) if code is not None}
    return codes.pop() if len(codes) == 1 else None


def given_to(words: Mapping[str, Sequence[str]]) -> Dict[str, List[str]]:
    """Tables of words that say a present and a person in one, as in Chinese: "#receiver=teacher"."""
    gifts = sorted({fold(word) for word in words.get("#gift", ())}, key=len, reverse=True)
    people = {
        fold(word): table[len(PERSON) + 1 :]
        for table, entries in words.items()
        if table.startswith(f"{PERSON}=")
        for word in entries
    }
    tables: Dict[str, List[str]] = {}
    for table, entries in words.items():
        for word in entries if table == "#present" or (table[0] not in "#%@~" and "=" in table) else ():
            folded = fold(word)
            gift = next((each for each in gifts if folded.startswith(each)), None)
            code = people.get(folded[len(gift) :].strip()) if gift else None
            if code is not None:
                tables.setdefault(f"{RECEIVER}={code}", []).append(word)
    return tables
