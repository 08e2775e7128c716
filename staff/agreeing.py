"""How far colleagues agree: who reviewed the same messages, how often they said the same, and where not."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from litestar import Controller, Response, get

from crm_store.books import Books
from crm_store.reviews import Reviewed
from one_to_one.roles import Role
from one_to_one.teaching.agreement import Agreement, alpha, pairs
from one_to_one.teaching.judging import meaning
from staff.console import Console
from staff.masking import Mask
from staff.pages import drawn, language, texts_of
from staff.taught import Telling
from staff.who import PLACE, Asked, may

NEWEST = 5_000
"""Of messages that several reviewed, so many are counted, the newest."""

SHOWN = 50
"""Messages they differ about that are listed."""


@dataclass(frozen=True, slots=True)
class Together:
    """How two colleagues judged the same messages."""

    intent: Agreement
    facts: Agreement


@dataclass(frozen=True, slots=True)
class View:
    """What one colleague says a message means."""

    reviewer: str
    intent: str
    facts: list[str]


@dataclass(frozen=True, slots=True)
class Differing:
    """A message that colleagues see differently."""

    link: str
    words: str
    reviewers: list[str]
    views: list[View]  # empty for whoever hasn't given theirs: a look of one's own comes first


class Agreeing(Controller):
    """The page of agreement."""

    path = "/charts/agreement"
    guards = (may(Role.REVIEWER),)
    include_in_schema = False

    @get("/")
    async def page(self, console: Console, request: Asked) -> Response[str]:
        """Each pair, all together, and what they differ about, the newest first."""
        tongue, mask = language(request), Mask(request.user.masked)
        telling = Telling(console.pack, texts_of(console.texts, tongue), tongue, mask)
        async with console.store.reading() as books:
            twice = await books.reviews.twice(NEWEST)
            differing = [one for one in reversed(twice) if _differ(one)]
            shown = [await _shown(books, one, request.user.name, telling, mask) for one in differing[:SHOWN]]
        async with console.store.transaction() as books:
            for customer in sorted({one.message.customer_id for one in differing[:SHOWN]}):
                await books.audit.record(
                    request.user.name, "looked at what reviewers differ about", customer, console.clock()
                )
        intents = [{each.reviewer: each.intent for each in one.judgements} for one in twice]
        facts = [{each.reviewer: meaning(each.facts) for each in one.judgements} for one in twice]
        return drawn(
            console,
            request,
            "agreement.html",
            colleague=request.user,
            pairs=[Together(*both) for both in zip(pairs(intents), pairs(facts), strict=True)],
            alphas={"intent": alpha(intents), "facts": alpha(facts)},
            messages=len(twice),
            differing=len(differing),
            shown=shown,
        )


def _differ(one: Reviewed) -> bool:
    return len({(each.intent, meaning(each.facts)) for each in one.judgements}) > 1


async def _shown(books: Books, one: Reviewed, colleague: str, telling: Telling, mask: Mask) -> Differing:
    message = one.message
    names = await telling.names(books, message.customer_id) if mask.on else ()
    reviewers = [each.reviewer for each in one.judgements]
    return Differing(
        link=f"{PLACE}/conversations/{message.customer_id}?m={message.id}#m{message.id}",
        words=mask.words(message.text, names),
        reviewers=reviewers,
        views=_views(one, telling) if colleague in reviewers else [],
    )


def _views(one: Reviewed, telling: Telling) -> list[View]:
    def told(facts: Sequence[object]) -> list[str]:
        return [telling.entity(fact) for fact in facts]  # type: ignore[arg-type]

    return [View(each.reviewer, telling.intent(each.intent), told(each.facts)) for each in one.judgements]
