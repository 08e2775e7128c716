"""What becomes of the products on the table: one is picked or turned down, others are wanted, or none."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from itertools import chain
from typing import Any

from actions import checkout, conflicting, pieces, reading_changes
from actions.naming import parts_of, products_named, values_in
from actions.turn import Focus, Turn
from crm_store.models import ProposalRow
from one_to_one.answer_words import AnswerWords, counting_with
from one_to_one.answers import read_answer, read_refusal, read_yes_no
from one_to_one.extremes import Extreme, ExtremeWords, read_extreme
from one_to_one.facts import Heard, Polarity
from one_to_one.folding import fold
from one_to_one.language import Language
from one_to_one.lessons import DEAR, code_of, read_too
from one_to_one.pointing import Clause, clauses, is_unsure, places, says_no
from one_to_one.shop import Shop, Topic, TopicKind
from one_to_one.standing import stands

PICKING = frozenset(
    {
        "choose",
        "affirm",
        "inform",
        "change",
        "propose",
        "nlu_fallback",
        "praise",
        "delivery",
        "decline",
        "deny",
    }
)
"""Intents whose message may pick one of the proposed products by its name."""

LOOKING = frozenset({"propose", "catalogue"})
"""Intents whose message wants to see something first."""

REMAKING = frozenset(
    {"change", "inform", "choose", "catalogue", "nlu_fallback", "chitchat", "affirm", "delivery"}
)
"""Intents whose message may want all of them made up otherwise."""

SHORT_CLAUSE = 4
"""So many words at the most has a clause that only takes back what was said before it ("no wait")."""

type Item = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Aim:
    """What a message does with the products on the table, by their places."""

    taken: int | None = None  # the one that is picked
    against: Mapping[int, str] = field(default_factory=dict)  # turned down -> why, as a code; "": not said
    about: tuple[int, ...] = ()  # asked or wondered about

    def __bool__(self) -> bool:
        return self.taken is not None or bool(self.against or self.about)


async def aims_at(turn: Turn, focus: Focus) -> bool:
    """Whether the message points at products of the waiting proposal."""
    proposal = await turn.books.proposals.get(int(focus["ref"]), turn.customer.id)
    return proposal is not None and bool(aim(turn, proposal))


def picked(turn: Turn, proposal: ProposalRow) -> int | None:
    """Which of the proposed products the message takes: by place, by name, or by what sets one apart."""
    return aim(turn, proposal).taken


def aim(turn: Turn, proposal: ProposalRow) -> Aim:
    """What the message takes, turns down and asks about, clause by clause."""
    by_way = conflicting.way_named(turn, proposal)
    if by_way is not None:
        return Aim(by_way)
    taken: list[int] = []
    against: dict[int, str] = {}
    about: list[int] = []
    last: tuple[int, ...] = ()
    corrects: bool = False
    for clause in clauses(checkout.without_typed(turn), _words(turn)):
        here = _meant(turn, proposal, clause)
        if len(here) > 1 and _says(turn, "picking.rather", clause):
            here = here[-1:]  # "the third... wait, the first after all"
        reason = _complaint(turn, clause, pointed=bool(here))
        corrects = bool(taken) and (corrects or _says(turn, "picking.rather", clause))
        if here or (last and (reason is not None or clause.asks)):
            last = here or last
        else:
            corrects = corrects and len(clause.pieces) <= SHORT_CLAUSE
            continue
        if reason is not None:
            against |= dict.fromkeys(last, reason)
            taken, about = [n for n in taken if n not in last], [n for n in about if n not in last]
        elif _only_asks(turn, clause):
            about += last
            taken = [n for n in taken if n not in last]
        elif corrects:
            taken, corrects = list(last), False
        else:
            taken += last
    if not (taken or against or about) and (that := _that_one(turn, proposal)):
        return Aim(that)
    one = taken[0] if len(set(taken)) == 1 else None
    return Aim(one, against, tuple(dict.fromkeys(about)))


def _words(turn: Turn) -> AnswerWords:
    """The words of answers, those for the shop's things counting them; those of the last shop are kept."""
    if not _kept or _kept[0][0] is not turn.answers or _kept[0][1] is not turn.pack.shop:
        things = chain.from_iterable(turn.pack.shop.sells.values())
        _kept[:] = [(turn.answers, turn.pack.shop, counting_with(turn.answers, things))]
    return _kept[0][2]


_kept: list[tuple[AnswerWords, Shop, AnswerWords]] = []


def _that_one(turn: Turn, proposal: ProposalRow) -> int | None:
    """The one that was asked about last, if "that one" is taken."""
    table = turn.waits_for("proposal") or {}
    about = table.get("about") if table.get("ref") == str(proposal.id) else None
    takes = turn.intent in PICKING and not turn.asks and turn.mentions("picking.that_one")
    return about if takes and about in range(1, len(proposal.items) + 1) else None


def _meant(turn: Turn, proposal: ProposalRow, clause: Clause) -> tuple[int, ...]:
    """The products that a clause points at; empty: none, or it can't be told which."""
    if found := places(clause, len(proposal.items), _words(turn)):
        return found
    if turn.intent not in PICKING and turn.intent != "catalogue":
        return ()
    one = _by_name(turn, proposal, clause) or _by_price(turn, proposal, clause)
    one = one or _by_trait(turn, proposal, clause)
    return () if one is None else (one,)


def _by_name(turn: Turn, proposal: ProposalRow, clause: Clause) -> int | None:
    """The one with the most parts of its name in a clause."""
    said, parts = fold(clause.text), parts_of(turn.pack)
    named = [part for part in parts if stands(said, part)]
    counts = [
        sum(any(one.id == item["product"] for one in parts[part]) for part in named)
        for item in proposal.items
    ]
    most = max(counts, default=0)
    if most == 0 or counts.count(most) > 1:
        return None
    alike = {one.id for one in products_named(turn)}
    return counts.index(most) + 1 if proposal.items[counts.index(most)]["product"] in alike else None


def _by_price(turn: Turn, proposal: ProposalRow, clause: Clause) -> int | None:
    """The cheapest or the dearest of these, if a clause names it so."""
    prices = [Decimal(item["price"]) for item in proposal.items]
    if clause.asks or turn.asks or _wants_another(turn, clause):
        return None
    for key, wanted in (("proposing.cheapest", min(prices)), ("proposing.dearest", max(prices))):
        if _says(turn, key, clause):
            return prices.index(wanted) + 1
    return None


def _by_trait(turn: Turn, proposal: ProposalRow, clause: Clause) -> int | None:
    """The one that has what a clause names ("the green one"), or comes nearest to it on a scale."""
    if turn.intent != "choose" and not _points(turn, clause):
        return None
    heard = [
        (one.topic, one.value) for one in heard_in_clause(turn, clause) if one.polarity is Polarity.LIKES
    ]
    named = [
        value
        for value in heard or values_in(turn.pack, clause.text)
        if any(value[0] in _attributes(turn, item) for item in proposal.items)
    ]
    if not named or _wants_another(turn, clause):
        return None
    far = [sum(_apart(turn, item, *value) for value in named) for item in proposal.items]
    nearest = min(far)
    return far.index(nearest) + 1 if far.count(nearest) == 1 and nearest < FAR else None


def most_of(turn: Turn, proposal: ProposalRow) -> tuple[int, ...]:
    """Which of these have the most, or least, of what a question asks for; empty: it asks of all there is."""
    if not turn.asks or turn.mentions("catalogue.range_words") or not turn.mentions("picking.which"):
        return ()
    if turn.mentions("picking.of_these") and turn.mentions("proposing.cheapest"):
        prices = [Decimal(item["price"]) for item in proposal.items]
        return (prices.index(min(prices)) + 1,)
    asked = extreme_in(turn, compared=True)
    if asked is None:
        return ()
    has = [_attributes(turn, item).get(asked.topic, ()) for item in proposal.items]
    if asked.without:
        return tuple(n for n, codes in enumerate(has, start=1) if codes and asked.codes[0] not in codes)
    best = next((code for code in asked.codes if any(code in codes for codes in has)), None)
    return tuple(n for n, codes in enumerate(has, start=1) if best in codes)


def extreme_in(turn: Turn, *, compared: bool = False) -> Extreme | None:
    """The most or least of something about the products that a message asks for; None: it asks for none.

    `compared`: "less" and "more" will do, of a few that are there.
    """
    topics = {topic for product in turn.pack.products.values() for topic in product.attributes}
    most, least = turn.texts.words("catalogue.most"), turn.texts.words("catalogue.least")
    if compared:
        most, least = (*most, *turn.texts.words("picking.more")), (*least, *turn.texts.words("picking.less"))
    return read_extreme(turn.said, turn.pack, ExtremeWords(most, least), topics & turn.pack.topics.keys())


FAR = 10
"""How far apart two values are that don't stand on one scale."""


def _apart(turn: Turn, item: Item, topic: str, value: str) -> int:
    """How many steps a product is from a value of a topic."""
    has = _attributes(turn, item).get(topic, ())
    known: Topic | None = turn.pack.topics.get(topic)
    if value in has:
        return 0
    if known is None or not known.scale:
        return FAR
    steps = list(known.values)
    places_of = [abs(steps.index(code) - steps.index(value)) for code in has if code in steps]
    return min(places_of, default=FAR)


def _attributes(turn: Turn, item: Item) -> Mapping[str, Sequence[str]]:
    product = turn.pack.products.get(item["product"])
    return {} if product is None else product.attributes


def _complaint(turn: Turn, clause: Clause, *, pointed: bool) -> str | None:
    """Why a clause turns down what is pointed at, as a code; "": without a reason; None: it doesn't."""
    if clause.asks:
        return None
    if _says(turn, "turning_down.words.too_dear", clause) or (pointed and _calls_dear(turn, clause)):
        return DEAR
    if too := read_too(clause.text, turn.pack, turn.answers.negations):
        return code_of(*too[0])
    heard = heard_in_clause(turn, clause)
    averse = [
        one for one in heard if one.polarity is not Polarity.LIKES and one.topic not in turn.pack.modules
    ]
    if averse and any(
        one.topic in product.attributes for one in averse for product in turn.pack.products.values()
    ):
        return code_of(averse[0].topic, averse[0].value)
    refused = _says(turn, "picking.not_for_me", clause)
    if not pointed:
        return "" if refused and not heard else None
    return "" if refused or says_no(clause, _spans(turn, clause)) else None


def _calls_dear(turn: Turn, clause: Clause) -> bool:
    """Whether a clause says of something that it is dear, and doesn't single out the dearest."""
    return _says(turn, "picking.dear", clause) and not _says(turn, "proposing.dearest", clause)


def _only_asks(turn: Turn, clause: Clause) -> bool:
    """Whether a clause wants to know something of what it points at, or wonders, rather than takes it."""
    if clause.asks:
        return not _says(turn, "picking.request", clause)
    if is_unsure(clause):
        return True
    judged = [one for one in heard_in_clause(turn, clause) if one.topic not in turn.pack.modules]
    return bool(judged) and _says(turn, "picking.judging", clause)


def _points(turn: Turn, clause: Clause) -> bool:
    """Whether a clause speaks of one that is there ("that green one"), rather than of a taste."""
    said = fold(clause.text)
    patterns = (fold(one) for tag in Language for one in turn.texts.variants(tag, "picking.pointing"))
    return any(re.search(pattern, said) for pattern in patterns)


def _wants_another(turn: Turn, clause: Clause) -> bool:
    """Whether a clause wants something other than what is there ("a cheaper one")."""
    return _says(turn, "picking.another", clause)


def _says(turn: Turn, key: str, clause: Clause) -> bool:
    said = fold(clause.text)
    return any(stands(said, word) for word in turn.texts.words(key))


def heard_in_clause(turn: Turn, clause: Clause) -> list[Heard]:
    """What was heard in a clause."""
    said = clause.text.strip()
    if not _spans(turn, clause):
        return []
    return [
        one
        for one in (*turn.heard, *turn.theirs)
        if one.words and (one.words in said or said.strip(MARKS) in one.words)
    ]


MARKS = " ,.;:!?\uff0c\u3002\uff1b\uff01\uff1f\u3001"


def _spans(turn: Turn, clause: Clause) -> list[int]:
    """The places in a clause from which preferences were read."""
    end = min(clause.start + len(clause.text), len(turn.said), len(turn.rest))
    return [at for at in range(clause.start, end) if turn.said[at] != turn.rest[at]]


def says_others(turn: Turn, *, others: bool) -> bool:
    """Whether they want to see others: in so many words, or by asking for a change of no named kind."""
    if turn.mentions("proposing.others") or turn.mentions("varying.words"):
        return not turn.heard
    return others and turn.intent == "change" and not turn.heard and not says_option(turn)


def changes_options(turn: Turn) -> bool:
    """Whether they want all of them made up otherwise, and say nothing else."""
    heard = [one for one in turn.heard or turn.theirs if _decides(turn, one)]
    return turn.intent in REMAKING and bool(heard) and all(_is_choice(turn, one) for one in heard)


def wants_more_of_all(turn: Turn) -> bool:
    """Whether they want more, or less, of a part of all of them ("with more …", "all with a bigger …")."""
    if turn.mentions("picking.which") or turn.intent not in REMAKING:
        return False
    return bool(reading_changes.steps_named(turn, turn.pack.modules))


def short_option(turn: Turn) -> dict[str, str]:
    """The choice that a word or two name for all of them ("ground"), if it can be only one module's."""
    topics = (turn.pack.topics[name] for name in turn.pack.modules if name in turn.pack.topics)
    heard = [one for topic in topics for one in read_answer(turn.said, topic, turn.answers).heard]
    liked = [one for one in heard if _is_choice(turn, one) and one.polarity is Polarity.LIKES]
    one = turn.intent == "change" and not turn.heard and not turn.theirs and len(heard) == len(liked) == 1
    return {liked[0].topic: liked[0].value} if one else {}


def _decides(turn: Turn, one: Heard) -> bool:
    """Whether it says something of a product: how it is made up, what it is like, or what it may cost."""
    topic = turn.pack.topics[one.topic]
    told = any(one.topic in product.attributes for product in turn.pack.products.values())
    return told or one.topic in turn.pack.modules or topic.kind is TopicKind.MONEY


def _is_choice(turn: Turn, one: Heard) -> bool:
    return one.topic in turn.pack.modules and one.value in turn.pack.modules[one.topic].options


def says_how_many(turn: Turn) -> bool:
    """Whether they name only how many they take, which is kept for what they will pick."""
    if turn.mentions("varying.words"):
        return False  # "another one" is no number of them
    named = None if turn.heard or turn.asks or turn.intent in LOOKING else pieces.said(turn)
    if named is None or not named.counted or not pieces.can_be(named.number):
        return False
    if turn.mentions("pieces.words.habit"):
        return False  # how much they use up, rather than how many they take
    if named.number == 1 and turn.intent == "change":
        return False  # "another one"
    turn.passing = replace(turn.passing, pieces=int(named.number))
    return True


def says_option(turn: Turn) -> bool:
    """Whether a word or two name a choice about the products ("the small one")."""
    topics = (turn.pack.topics[name] for name in turn.pack.modules if name in turn.pack.topics)
    return any(read_answer(turn.said, topic, turn.answers).heard for topic in topics)


def waves_aside(turn: Turn) -> bool:
    """Whether they want none of them."""
    if turn.heard:
        return False
    text = turn.said
    refused = read_yes_no(text, turn.answers) is False or read_refusal(text, turn.answers)
    return refused or turn.intent in ("decline", "deny")


def agrees(turn: Turn) -> bool:
    """Whether they say yes, without saying to which."""
    said = read_yes_no(turn.said, turn.answers)
    return not turn.heard and (said is True or (said is None and turn.intent == "affirm"))
