"""Who stands how to what: reading likes, dislikes and rules from clauses."""

from dataclasses import dataclass, replace
from typing import Collection, Iterable, Iterator, List, Optional, Sequence, Tuple

from bot.clauses import Clause, cut_clauses, is_value
from bot.degree import relative
from bot.illness import denies_illness, illness_beside
from bot.manner import Manner, Whose, goes_on, is_other, manners, recipient, whose
from bot.phrases import Found
from bot.signs import Signs
from bot.wish import BARE, DISLIKES, LIKES, NEVER, ROUNDABOUT, SURE, TOO_MUCH, WISH, Wish

_NEAR = 3  # characters between a value and a negation that belongs to it


@dataclass(frozen=True)
class Topics:
    """Names of topics that are read in a way of their own, and the signs by which."""

    sensitive: Collection[str]  # what needs consent
    scales: Collection[str]  # whose values stand in order
    signs: Signs


@dataclass(frozen=True)
class _Group:
    """Values that share their polarity ("this or that"), with the cues before and after them."""

    values: Tuple[Found, ...]
    before: Tuple[Found, ...]
    after: Tuple[Found, ...]
    is_last: bool
    verdict_behind: bool = False

    @property
    def start(self) -> int:
        return self.values[0].start

    @property
    def end(self) -> int:
        return self.values[-1].end


def read_wishes(folded: str, found: Sequence[Found], topics: Topics) -> List[Wish]:
    """What is said of tastes, in order; questions are left out, other people's tastes marked."""
    if not any(map(is_value, found)):
        return []
    clauses = cut_clauses(folded, [phrase for phrase in found if _matters(phrase)])
    gift = next(filter(None, map(recipient, clauses)), None)
    is_gift = gift is not None or any(clause.has("#present") for clause in clauses)
    wishes: List[Wish] = []
    about: Optional[Whose] = None
    carried: Optional[str] = None
    for place, (clause, manner) in enumerate(zip(clauses, manners(folded, clauses))):
        groups = _with_verdicts(list(_groups(clause)))
        illness = illness_beside(clauses, place, topics.sensitive)
        for group in groups:
            about = whose(clause, group.start, about)
            given = gift if about is None and not _of_myself(clause) else about
            read = _of_group(folded, clause, group, manner, carried, topics)
            if illness is not None:
                sick = whose(illness, illness.end, None)
                if sick is None or not clause.has("#self"):
                    read = _forbidden(group, read, illness, topics)
                    given = given or sick
            if given is None or not given.anybody:
                passing = manner.passing or (is_gift and given is None and not _of_myself(clause))
                wishes.extend(_told(read, given, passing, clause))
        if not groups and clause.has("#wrong"):
            wishes = _taken_back(wishes, clauses[place - 1] if place else clause)
        elif not groups and _is_verdict(folded, clause, topics):
            wishes = _judged(wishes, clauses, clause)
        carried = _carried(clause, groups)
        about = None if clause.ends_sentence else goes_on(clause, about)
    return wishes


def _forbidden(group: _Group, read: Sequence[Wish], illness: Clause, topics: Topics) -> List[Wish]:
    """What the clause beside says to make ill: never; what is liked of its taste is liked all the same."""
    rules = [
        Wish(topic, value, NEVER, SURE, phrase.start, phrase.end)
        for phrase in (group.values if illness.has("#allergy", "#ill") else ())
        for topic, value in _meanings(phrase, topics.sensitive, ill=True, against=True)
        if topic in topics.sensitive
    ]
    ruled = {rule.start for rule in rules}
    tastes = [wish for wish in read if wish.start not in ruled or _is_liked(wish)]
    strict = (replace(wish, polarity=NEVER) if wish.polarity == DISLIKES else wish for wish in tastes)
    return [*rules, *strict]


def _is_liked(wish: Wish) -> bool:
    return wish.polarity == LIKES and wish.confidence > BARE


def _is_verdict(folded: str, clause: Clause, topics: Topics) -> bool:
    """Whether a clause without values only says no to those just named ("…, not for me")."""
    last = clause.found[-1] if clause.found else None
    if (
        last is None
        or not last.has("#not")
        or last.has("#before")
        or clause.has("#too", "#mild", "#double", "#idle")
    ):
        return False
    return not folded[last.end : clause.end].strip(topics.signs.endings)


def _taken_back(wishes: List[Wish], before: Clause) -> List[Wish]:
    """What was said in the clause before doesn't hold ("actually no")."""
    return [
        replace(wish, ends=True)
        if before.start <= wish.start < before.end and wish.polarity == LIKES
        else wish
        for wish in wishes
    ]


def _judged(wishes: List[Wish], clauses: Sequence[Clause], clause: Clause) -> List[Wish]:
    """What was merely named in the clause before, turned down."""
    before = clauses[clauses.index(clause) - 1]
    return [
        replace(wish, polarity=DISLIKES)
        if before.start <= wish.start < before.end
        and wish.polarity == LIKES
        and wish.confidence == BARE
        and not wish.ends
        else wish
        for wish in wishes
    ]


def _of_myself(clause: Clause) -> bool:
    return clause.has("#self") and clause.has("#like", "#not", "#never", "#usual")


def _told(wishes: Iterable[Wish], given: Optional[Whose], passing: bool, clause: Clause) -> Iterator[Wish]:
    """With whose wishes they are: somebody else's are never kept as the speaker's."""
    presents = {phrase.start for phrase in clause.found if phrase.has("#present")}
    for wish in wishes:
        is_present = (
            wish.start in presents
        )  # a habit of giving away is the speaker's own, a gift for one person passes
        if given is None:
            yield replace(wish, lasting=not passing or is_present)
        else:
            lasting = not passing and not is_present
            yield replace(wish, lasting=lasting, confidence=WISH, other=True, who=given.who)


def _of_group(
    folded: str, clause: Clause, group: _Group, manner: Manner, carried: Optional[str], topics: Topics
) -> List[Wish]:
    stance = _stance(folded, clause, group, manner, carried)
    if stance is None:
        return []
    wishes = _wishes(group, *stance, topics=topics, clause=clause)
    return [_weighed(folded, clause, group, wish, manner, topics) for wish in wishes]


def _weighed(folded: str, clause: Clause, group: _Group, wish: Wish, manner: Manner, topics: Topics) -> Wish:
    """With what else the clause says: no longer so, more than before, or perhaps."""
    if manner.ended or _is_left(clause, group) or _is_corrected(folded, clause, group, topics):
        return replace(wish, ends=True)
    step = relative(folded, clause, wish, manner.compared, topics.signs) if wish.topic in topics.scales else 0
    if step:
        return replace(wish, relative=step, confidence=min(wish.confidence, BARE))
    doubtful = clause.has("#perhaps") or _tries(group)
    return replace(wish, confidence=min(wish.confidence, WISH)) if doubtful else wish


def _is_left(clause: Clause, group: _Group) -> bool:
    """Whether it is what somebody changes from ("switched from one to another")."""
    leads_on = not group.is_last and clause.has("#now") and _has(group.after, "#now", "#to")
    return _has(group.before[-1:], "#away_from") and (leads_on or group.before[-1].has("#now"))


def _is_corrected(folded: str, clause: Clause, group: _Group, topics: Topics) -> bool:
    """Whether the clause ends with taking it back ("I said dark, that's wrong")."""
    if not _has(group.after[-1:], "#wrong"):
        return False
    return not folded[group.after[-1].end : clause.end].strip(topics.signs.endings)


def _tries(group: _Group) -> bool:
    """Wanting to try something says nothing of what is liked."""
    return bool(group.before) and group.before[-1].has("#try")


_CUES = frozenset(
    "#" + name
    for names in (
        (
            "not",
            "before",
            "never",
            "allergy",
            "too",
            "like",
            "double",
            "mild",
            "idle",
            "enough",
            "ill",
            "perhaps",
            "try",
        ),
        (
            "more",
            "adjust",
            "question",
            "request",
            "able",
            "hearing",
            "asking",
            "if",
            "hearsay",
            "says",
            "delivery",
            "sent",
            "tasting",
            "spoilt",
        ),
        (
            "other",
            "anybody",
            "self",
            "together",
            "gift",
            "present",
            "between",
            "topic_if",
            "than",
            "less_than",
            "last",
            "than_last",
        ),
        (
            "prefer",
            "to",
            "lacking",
            "healthy",
            "once",
            "past",
            "now",
            "today",
            "usual",
            "lasting",
            "but",
            "join",
            "with",
            "either",
            "illness",
            "allergic_to",
            "toward",
            "with",
            "wrong",
            "retract",
            "away_from",
            "behind",
            "except",
        ),
    )
    for name in names
)
"""The tables whose words say something about values; those of numbers and names don't."""


def _matters(phrase: Found) -> bool:
    """Whether a phrase is a value or says something about values."""
    return is_value(phrase) or is_other(phrase) or not _CUES.isdisjoint(phrase.tables)


def _groups(clause: Clause) -> Iterator[_Group]:
    runs = list(_runs(clause.found))
    for number, (first, last) in enumerate(runs):
        before = runs[number - 1][1] + 1 if number else 0
        after = runs[number + 1][0] if number + 1 < len(runs) else len(clause.found)
        yield _Group(
            tuple(phrase for phrase in clause.found[first : last + 1] if is_value(phrase)),
            clause.found[before:first],
            clause.found[last + 1 : after],
            number + 1 == len(runs),
        )


def _runs(found: Sequence[Found]) -> Iterator[Tuple[int, int]]:
    """First and last place of each run of values with nothing but joining words in between."""
    first: Optional[int] = None
    last = 0
    for place, phrase in enumerate(found):
        if is_value(phrase):
            first = place if first is None else first
            last = place
        elif not phrase.has("#join") and first is not None:
            yield first, last
            first = None
    if first is not None:
        yield first, last


def _has(phrases: Iterable[Found], *tables: str) -> bool:
    return any(phrase.has(*tables) for phrase in phrases)


def _stance(
    folded: str, clause: Clause, group: _Group, manner: Manner, carried: Optional[str]
) -> Optional[Tuple[str, float]]:
    """Polarity and confidence of a group, or None when nothing is stated."""
    if manner.states_nothing and not _looks_back(clause, group):
        return None
    if _compared_with(clause, group) or _asked_about(clause, group, manner):
        return None
    if _is_excepted(folded, clause, group, carried):
        return None
    if (_describes(clause, group) or manner.complained) and not _looks_back(clause, group):
        return None
    around = _around(folded, group)
    if (
        (_has(around, "#mild") and not _has(group.before, "#too"))
        or denies_illness(clause)
        or _is_judged(group)
    ):
        return None
    polarity, confidence = _polarity(group, around, carried)
    if confidence == BARE and clause.has("#like", "#self"):
        confidence = SURE
    if manner.asked or clause.has("#last"):
        confidence = WISH
    return polarity, confidence


def _is_excepted(folded: str, clause: Clause, group: _Group, carried: Optional[str]) -> bool:
    """Whether a refusal doesn't reach the group ("I hate dark, except for cakes"): liking isn't said either.

    Alone it is an exception from what was said before; "everything except dark" does turn it down.
    """
    if not _has(group.before[-1:], "#except"):
        return False
    leading = [phrase for phrase in clause.found if phrase.start < group.before[-1].start]
    if any(map(is_value, leading)):
        return _negations(leading) > 0 or _has(leading, "#never")
    alone = group.is_last and not group.after and clause.start == 0 and not folded[clause.end :]
    return not leading and (carried is not None or alone)


def _describes(clause: Clause, group: _Group) -> bool:
    """Whether it is said what a thing is like, or what became of it; that is nobody's taste."""
    if clause.has("#sent", "#spoilt"):
        return True
    if not clause.has("#delivery"):
        return False
    return (
        _has(group.before, "#too")
        or clause.has("#past", "#last", "#tasting")
        or not clause.has("#like", "#self")
    )


def _is_judged(group: _Group) -> bool:
    """Whether the group is only what something else is said of ("light ones are too hard")."""
    if not group.after:
        return False
    return _has(group.after[:2] if group.is_last else group.after[-1:], "#too")


def _looks_back(clause: Clause, group: _Group) -> bool:
    """Whether the last time was too much of it ("last time was too much"): less of it is wished now."""
    return clause.has("#last") and not clause.has("#hearsay", "#if") and _has(group.before, "#too")


def _asked_about(clause: Clause, group: _Group, manner: Manner) -> bool:
    """Whether a question is about the values; one that asks for them is a wish."""
    if _leaves_open(clause):
        return True
    if not manner.asked:
        return False
    leading = [phrase for phrase in clause.found if phrase.start < group.start]
    wished = clause.has("#request") or _has(leading, "#able")
    return not wished or clause.has("#hearing", "#asking")


def _compared_with(clause: Clause, group: _Group) -> bool:
    """Whether the group is only what something else is compared with."""
    if clause.has("#between") or (clause.has("#topic_if") and not clause.has("#like", "#not", "#self")):
        return True
    if clause.has("#prefer") and group.before and group.before[-1].has("#to"):
        return True
    if _closes_comparison(group):
        return True
    than = [phrase for phrase in group.before if phrase.has("#than") and not _is_closing(clause, phrase)]
    if than or (group.after and group.after[0].has("#less_than")):
        return True
    return clause.has("#than") and not clause.has("#like", "#not", "#self")


def _closes_comparison(group: _Group) -> bool:
    """Whether the words around a group say "compared with it"."""
    return _has(group.before[-1:], "#with") and _has(group.after[:1], "#than")


def _is_closing(clause: Clause, than: Found) -> bool:
    """Whether what is compared with stands before the word that compares."""
    place = clause.found.index(than)
    return place > 1 and is_value(clause.found[place - 1]) and clause.found[place - 2].has("#with")


def _leaves_open(clause: Clause) -> bool:
    """Whether one value or another is asked for; only in Chinese has "or" a form for it."""
    for place, phrase in enumerate(clause.found[1:-1], 1):
        if phrase.has("#either") and is_value(clause.found[place + 1]):
            return any(map(is_value, clause.found[:place]))
    return False


def _around(folded: str, group: _Group) -> Sequence[Found]:
    """The cues that speak of a group: those before it, and of those after it what is a verdict on it."""
    if group.verdict_behind:
        return group.after
    leading = tuple(phrase for phrase in group.before if not phrase.has("#behind"))
    return leading + tuple(
        phrase for phrase in _following(folded, group) if not phrase.has("#before") or not phrase.has("#not")
    )


def _with_verdicts(groups: Sequence[_Group]) -> Sequence[_Group]:
    """Told whether every value comes with its verdict behind it ("red yes green no")."""
    verdicts = ("#like", "#not", "#never")
    behind = (
        len(groups) > 1
        and not _has(groups[0].before, *verdicts, "#too")
        and all(_has(group.after, *verdicts) for group in groups)
    )
    return [replace(group, verdict_behind=behind) for group in groups]


def _following(folded: str, group: _Group) -> Tuple[Found, ...]:
    """The cues after a group that speak of it and not of the next group."""
    if group.is_last:
        return group.after
    of_this = [
        phrase
        for phrase in group.after
        if phrase.start - group.end <= _NEAR
        and not folded[phrase.start].isascii()
        and phrase.start > group.end
    ]
    return tuple(of_this[:1])


def _negations(cues: Iterable[Found]) -> int:
    return sum(phrase.has("#not") and not phrase.has("#never") for phrase in cues)


def _polarity(group: _Group, around: Sequence[Found], carried: Optional[str]) -> Tuple[str, float]:
    if _has(around, "#never"):
        return NEVER, SURE
    if _has(around, "#double"):
        return LIKES, ROUNDABOUT
    negations = _negations(around)
    if negations and _has(group.after[:1], "#enough"):
        return LIKES, ROUNDABOUT  # "not … enough"
    if negations:
        return (DISLIKES, SURE) if negations % 2 else (LIKES, ROUNDABOUT)
    if group.before and group.before[-1].has("#too"):
        return DISLIKES, TOO_MUCH
    if carried and not around and len(group.values) > 1:
        return carried, SURE
    return LIKES, BARE


def _carried(clause: Clause, groups: Sequence[_Group]) -> Optional[str]:
    """The negation that goes on into "…, this or that"."""
    if clause.ends_sentence or not groups:
        return None
    cues = groups[-1].before
    if _has(cues, "#never"):
        return NEVER
    return DISLIKES if _negations(cues) == 1 and not clause.has("#like") else None


def _wishes(
    group: _Group, polarity: str, confidence: float, topics: Topics, clause: Clause
) -> Iterator[Wish]:
    ill = clause.has("#allergy") or _has(group.values, "#ill")
    for phrase in group.values:
        for topic, value in _meanings(phrase, topics.sensitive, ill, against=polarity != LIKES):
            stance = NEVER if topic in topics.sensitive else polarity
            yield Wish(topic, value, stance, confidence, phrase.start, phrase.end)


def _meanings(phrase: Found, sensitive: Collection[str], ill: bool, against: bool) -> List[Tuple[str, str]]:
    """Topic and value; what makes ill, or is only ever avoided, belongs to the sensitive topics."""
    named = (table.partition("=") for table in phrase.tables if "=" in table and table[0] != "#")
    pairs = sorted((topic, value) for topic, _, value in named)
    rules = [pair for pair in pairs if pair[0] in sensitive]
    tastes = [pair for pair in pairs if pair[0] not in sensitive]
    if ill or (against and not tastes):
        return rules or tastes
    return tastes
