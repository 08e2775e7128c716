"""Why the shop answered a message as it did: read from what the turn left behind, never guessed anew."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from litestar import Controller, Response, get
from markupsafe import Markup, escape

from crm_store.models import AskingRow, FactRow, MessageRow, ProposalRow
from crm_store.outcomes import Outcome, outcome_of
from one_to_one.language import Language
from one_to_one.roles import Role
from staff.console import Console
from staff.masking import Mask
from staff.pages import drawn, language, texts_of
from staff.refusals import NoSuchMessage
from staff.taught import Telling, words_of
from staff.who import Asked, looked, may

LARGEST_NUMBER = 2**63 - 1


@dataclass(frozen=True, slots=True)
class Question:
    """One question that followed, and why."""

    topic: str
    for_what: str  # what the answer is for, in the pack's words; "": the shop has no such topic any more
    row: AskingRow


@dataclass(frozen=True, slots=True)
class Item:
    """One thing that was proposed, and what speaks for it."""

    name: str
    reasons: Sequence[str]
    assumed: str
    novel: bool
    forgotten: int  # reasons that were deleted since


class Why(Controller):
    """The panel of one message."""

    path = "/messages/{number:int}"
    guards = (may(Role.REVIEWER),)
    include_in_schema = False

    @get("/why")
    async def panel(self, console: Console, request: Asked, number: int) -> Response[str]:
        """How it was understood, what was written down, asked and proposed. Raises NoSuchMessage."""
        if not 0 <= number <= LARGEST_NUMBER:
            raise NoSuchMessage()
        async with console.store.reading() as books:
            outcome = await outcome_of(books.session, number)
            if outcome is None:
                raise NoSuchMessage()
            names = await books.logs.names(outcome.message.customer_id, console.pack.name_topics)
        await looked(console, request.user, outcome.message.customer_id, "why")
        mask = Mask(request.user.masked)
        tongue = language(request)
        telling = Telling(console.pack, texts_of(console.texts, tongue), tongue, mask)
        return drawn(
            console,
            request,
            "why.html",
            colleague=request.user,
            it=outcome,
            telling=telling,
            names=names,
            said=highlighted(outcome.message, mask, names),
            ranking=ranking(outcome.message),
            pieces=[
                (mask.words(words_of(entity, outcome.message.text), names), telling.entity(entity))
                for entity in outcome.message.entities
                if "entity" in entity and "value" in entity
            ],
            questions=[_question(console, telling, tongue, row) for row in outcome.askings],
            proposals=[(row, _items(console, telling, tongue, outcome, row)) for row in outcome.proposals],
        )


def ranking(message: MessageRow) -> list[tuple[str, float]]:
    """What it was taken for and what else it could have been, each with its confidence, best first."""
    ranked = [(str(each["name"]), float(each["confidence"])) for each in message.ranking if "name" in each]
    if ranked or message.intent is None:
        return ranked
    return [(message.intent, message.confidence or 0.0)]


def highlighted(message: MessageRow, mask: Mask, names: Sequence[str]) -> Markup:
    """What was said, with the words that something was read from marked. Masked: in part, unmarked."""
    text = message.text
    if mask.on:
        return escape(mask.words(text, names))
    pieces, at = [Markup()], 0
    for start, end in sorted(_spans(message.entities, len(text))):
        if start >= at:
            pieces += [escape(text[at:start]), Markup("<mark>"), escape(text[start:end]), Markup("</mark>")]
            at = end
    return Markup().join([*pieces, escape(text[at:])])


def _spans(entities: Sequence[Mapping[str, Any]], length: int) -> set[tuple[int, int]]:
    spans = {(int(each.get("start") or 0), int(each.get("end") or 0)) for each in entities}
    return {(start, end) for start, end in spans if 0 <= start < end <= length}


def _question(console: Console, telling: Telling, tongue: Language, row: AskingRow) -> Question:
    topic = console.pack.topics.get(row.topic)
    return Question(telling.topic(row.topic), "" if topic is None else topic.why[tongue], row)


def _items(
    console: Console, telling: Telling, tongue: Language, outcome: Outcome, proposal: ProposalRow
) -> list[Item]:
    return [_item(console, telling, tongue, outcome.reasons, item) for item in proposal.items]


def _item(
    console: Console,
    telling: Telling,
    tongue: Language,
    reasons: Mapping[int, FactRow],
    item: Mapping[str, Any],
) -> Item:
    product = console.pack.products.get(str(item.get("product")))
    options = item.get("options") or {}
    assumed = [
        f"{telling.topic(name)}: {telling.value(name, str(options.get(name, '')))}"
        for name in item.get("assumed") or ()
    ]
    facts = [reasons.get(number) for number in item.get("facts") or ()]
    return Item(
        name=str(item.get("product")) if product is None else product.name[tongue],
        reasons=[telling.fact(row.topic, row.value, row.polarity) for row in facts if row is not None],
        assumed=", ".join(assumed),
        novel=bool(item.get("novel")),
        forgotten=sum(row is None for row in facts),
    )
