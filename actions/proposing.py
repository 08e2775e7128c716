"""Proposing: three products made to measure, why these, and what became of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from actions import ordering, past, picking, wishing
from actions.turn import Focus, Turn
from crm_store.models import OrderLineRow, ProposalRow
from one_to_one.pricing import complete, cost, price
from one_to_one.proposals import Proposed
from one_to_one.proposals import propose as rule
from one_to_one.replies import Button
from one_to_one.shop import Product

COUNT = 3
REASONS = 4
"""More reasons than this aren't told."""

type Item = Mapping[str, Any]


async def propose(turn: Turn) -> None:
    """Three products for this customer."""
    earlier = await turn.books.proposals.recent(turn.customer.id, past.PROPOSALS)
    await _settle(turn, earlier, "changed" if _wants_others(turn, earlier) else "ignored")
    await _propose(turn, earlier, _goes_on(turn, earlier))


def _goes_on(turn: Turn, earlier: Sequence[ProposalRow]) -> Focus | None:
    """The proposal on the table, if it was made in this contact for the same person."""
    table = turn.waits_for("proposal")
    if table is None or not earlier or earlier[0].contact_id != turn.contact.id:
        return None
    return table if bool(table.get("other")) == turn.for_another else None


async def _propose(turn: Turn, earlier: Sequence[ProposalRow], kept: Focus | None = None) -> None:
    other = turn.for_another or bool(kept and kept.get("other") and not turn.heard)
    turn.wished = wishing.at_hand(turn, kept.get("wishes", ()) if kept else (), other=other)
    history = [] if other or not turn.consents.personal else await past.ordered(turn)
    believed = wishing.basis(turn, other=other)
    first_for_other = other and not (kept and kept.get("other"))
    shown = [] if first_for_other else past.shown(earlier)  # what the customer turned down, another may like
    items = rule(turn.pack, believed, history, shown, turn.now, count=COUNT)
    if not items:
        turn.say("proposing.nothing", turn.buttons("know", "human"))
        return
    proposed, missing = wishing.put_first(turn, items, history, believed)
    if other:  # what is unlike the customer's own habits says nothing here
        proposed = [replace(item, novel=False) for item in proposed]
    proposal = await _write(turn, proposed)
    if other:
        turn.may_ask = False
        key = "proposing.for_other" if first_for_other else "proposing.for_other_still"
        lead = turn.text(key, things=turn.words.listed(map(turn.words.fact, turn.wished)))
    else:
        lead = (
            turn.text("proposing.no_such", wish=missing) if missing else await _lead(turn, proposed, earlier)
        )
    text = "\n".join([lead, *_lines(turn, proposed), *_assumed(turn, proposed)])
    turn.add(text, _ways_on(turn, proposal))
    turn.wait_for("proposal", proposal.id)
    _keep_wishes(turn, other=other)


def _keep_wishes(turn: Turn, *, other: bool) -> None:
    """Let the wishes lie beside the proposal, for when others are asked for."""
    if turn.wished:
        wishes = wishing.asked_for(turn)
        turn.customer.focus = {**(turn.customer.focus or {}), "wishes": wishes, "other": other}


async def allowed(turn: Turn) -> list[str]:
    """Every product that isn't ruled out for them."""
    turn.wished = wishing.at_hand(turn)
    believed, history = wishing.basis(turn, other=turn.for_another), await past.ordered(turn)
    items = rule(turn.pack, believed, history, (), turn.now, count=len(turn.pack.products))
    return [item.product for item in items]


def _wants_others(turn: Turn, earlier: Sequence[ProposalRow]) -> bool:
    """Whether they ask again though nothing is new since the last proposal of this contact."""
    if not earlier or earlier[0].contact_id != turn.contact.id or turn.learned or turn.ended:
        return False
    return all(fact.recorded_at <= earlier[0].at for fact in turn.facts)


async def _settle(turn: Turn, proposals: Sequence[ProposalRow], outcome: str) -> None:
    for proposal in proposals:
        if proposal.outcome == "open":
            await turn.books.proposals.settle(proposal, outcome, turn.now)


async def _write(turn: Turn, items: Sequence[Proposed]) -> ProposalRow:
    return await turn.books.proposals.add(
        turn.customer.id,
        turn.contact.id,
        turn.message.id,
        turn.now,
        turn.pack.shop.currency,
        [_kept(item) for item in items],
    )


def _kept(item: Proposed) -> Item:
    """A proposed product as it is written down: amounts as text."""
    return {
        "product": item.product,
        "options": dict(item.options),
        "price": str(item.price),
        "cost": str(item.cost),
        "facts": [fact for fact in item.used if fact > 0],  # wishes are never written
        "assumed": list(item.assumed),
        "novel": item.novel,
        "score": item.score,
    }


async def _lead(turn: Turn, items: Sequence[Proposed], earlier: Sequence[ProposalRow]) -> str:
    """Why these: what they said about the last order if that is news, else their facts."""
    news = await _news(turn, earlier)
    reasons = _reasons(turn, items)
    if not turn.consents.personal:
        return turn.text("proposing.impersonal")
    parts = [turn.text(f"proposing.after_{news.rating}", name=_name(turn, news.product))] if news else []
    if reasons and any(fact < 0 for item in items for fact in item.used):
        parts.append(turn.text("proposing.wished_for", wish=turn.words.listed(reasons)))
    elif reasons:
        parts.append(turn.text("proposing.because", reasons=turn.words.listed(reasons)))
    elif not parts:
        parts.append(turn.text("proposing.fresh"))
    return turn.texts.say(turn.language, "talk.space").join(parts)


async def _news(turn: Turn, earlier: Sequence[ProposalRow]) -> OrderLineRow | None:
    """The newest verdict of which the customer has not yet seen the consequence."""
    if not any(one.rating for one in await past.ordered(turn)):
        return None
    latest = max((proposal.at for proposal in earlier), default=None)
    last = (await turn.books.orders.ratings(turn.customer.id))[-1]
    seen = latest is not None and last.rated_at is not None and last.rated_at < latest
    return None if seen else last


def _name(turn: Turn, product: str) -> str:
    known = turn.pack.products.get(product)
    return known.name[turn.language] if known else product


def _reasons(turn: Turn, items: Sequence[Proposed]) -> list[str]:
    used = dict.fromkeys(fact for item in items for fact in item.used)
    facts = {fact.id: fact for fact in (*turn.facts, *turn.wished)}
    told = (turn.words.reason(facts[one], turn.now) for one in used if one in facts)
    return list(dict.fromkeys(told))[:REASONS]


def _lines(turn: Turn, items: Sequence[Proposed]) -> list[str]:
    return [_line(turn, number, item) for number, item in enumerate(items, start=1)]


def _line(turn: Turn, number: int, item: Proposed) -> str:
    product = turn.pack.products[item.product]
    return turn.texts.say(
        turn.language,
        "proposing.novel" if item.novel else "proposing.line",
        number=number,
        name=product.name[turn.language],
        note=product.note[turn.language],
        price=turn.words.money(item.price),
    )


def _assumed(turn: Turn, items: Sequence[Proposed]) -> list[str]:
    """How they are made: what the customer's habits say, and what we took for granted."""
    first = items[0]
    assumed = {name: first.options[name] for name in first.assumed if name in first.options}
    wished = {name: code for name, code in first.options.items() if name not in assumed}
    lines = []
    if wished:
        lines.append(turn.text("proposing.wished", options=turn.words.options(wished)))
    if assumed:
        lines.append(turn.text("proposing.assumed", options=turn.words.options(assumed)))
    return [turn.texts.say(turn.language, "talk.space").join(lines)] if lines else []


def _ways_on(turn: Turn, proposal: ProposalRow) -> list[Button]:
    picks = [_pick(turn, proposal, number) for number in range(1, len(proposal.items) + 1)]
    return [*picks, *turn.buttons(f"other:{proposal.id}", f"reject:{proposal.id}")]


def _pick(turn: Turn, proposal: ProposalRow, number: int) -> Button:
    name = _name(turn, proposal.items[number - 1]["product"])
    return turn.button("choose", f"choose:{proposal.id}:{number}", number=number, name=name)


async def show(turn: Turn, proposal: ProposalRow) -> None:
    """Put an earlier proposal on the table again, in short."""
    items = [item for item in proposal.items if item["product"] in turn.pack.products]
    names = turn.words.listed(_name(turn, item["product"]) for item in items)
    turn.say("proposing.again", _ways_on(turn, proposal), names=names)
    turn.wait_for("proposal", proposal.id)


async def take(turn: Turn, focus: Focus) -> bool:
    """Read the message as what becomes of the open proposal; False: it is about something else."""
    proposal = await turn.books.proposals.get(int(focus["ref"]), turn.customer.id)
    if proposal is None:
        turn.settle("proposal")
        return False
    number = picking.picked(turn, proposal)
    if turn.asks_why:
        _explain(turn, proposal)
    elif picking.says_others(turn, others=number is None):
        await _others(turn, proposal)
    elif number is not None:
        await _choose(turn, proposal, number)
    elif picking.waves_aside(turn):
        await _reject(turn, proposal)
    elif picking.agrees(turn):
        await _agree(turn, proposal)
    else:
        return False
    return True


def _explain(turn: Turn, proposal: ProposalRow) -> None:
    """Why these: the facts they were chosen by."""
    used = dict.fromkeys(fact for item in proposal.items for fact in item["facts"])
    facts = {fact.id: fact for fact in turn.facts}
    reasons = [turn.words.reason(facts[one], turn.now) for one in used if one in facts][:REASONS]
    if reasons:
        turn.say("proposing.why", _ways_on(turn, proposal), reasons=turn.words.listed(reasons))
    else:
        turn.say("proposing.why_open", _ways_on(turn, proposal))
    turn.may_ask = False


async def _agree(turn: Turn, proposal: ProposalRow) -> None:
    if len(proposal.items) == 1:
        await _choose(turn, proposal, 1)
    else:
        turn.say("proposing.which", _ways_on(turn, proposal))
        turn.may_ask = False


async def _choose(turn: Turn, proposal: ProposalRow, number: int) -> None:
    item = proposal.items[number - 1]
    await turn.books.proposals.settle(proposal, "accepted", turn.now)
    turn.settle("proposal", "question")
    await ordering.begin(turn, proposal.id, item["product"], item["options"])


async def _reject(turn: Turn, proposal: ProposalRow) -> None:
    await turn.books.proposals.settle(proposal, "rejected", turn.now)
    turn.settle("proposal", "question")
    turn.say("proposing.rejected")
    turn.may_ask = False


async def _tapped(turn: Turn) -> ProposalRow | None:
    """The proposal a button belongs to; None, and said so, when there is none."""
    number = turn.number(0)
    proposal = None if number is None else await turn.books.proposals.get(number, turn.customer.id)
    if proposal is None:
        turn.say("lost.button", turn.buttons("propose", "help"))
    return proposal


async def tap_choose(turn: Turn) -> None:
    """One of the products was tapped."""
    proposal, number = await _tapped(turn), turn.number(1)
    if proposal is None:
        return
    if number is None or not 1 <= number <= len(proposal.items):
        turn.say("lost.button", turn.buttons("propose", "help"))
    else:
        await _choose(turn, proposal, number)


async def tap_other(turn: Turn) -> None:
    """None of these: others, please."""
    proposal = await _tapped(turn)
    if proposal is not None:
        await _others(turn, proposal)


async def _others(turn: Turn, proposal: ProposalRow) -> None:
    if proposal.outcome == "open":
        await turn.books.proposals.settle(proposal, "changed", turn.now)
    kept = turn.waits_for("proposal")
    await _propose(turn, await turn.books.proposals.recent(turn.customer.id, past.PROPOSALS), kept)


async def tap_reject(turn: Turn) -> None:
    """No thanks."""
    proposal = await _tapped(turn)
    if proposal is not None:
        await _reject(turn, proposal)


async def choose(turn: Turn) -> None:
    """The customer picks something, but not from an open proposal."""
    proposal = await turn.books.proposals.latest(turn.customer.id)
    number = picking.picked(turn, proposal) if proposal is not None else None
    if proposal is not None and number is not None:
        await _choose(turn, proposal, number)
    elif proposal is not None and turn.waits_for("proposal"):
        turn.say("proposing.which", _ways_on(turn, proposal))
        turn.may_ask = False
    else:
        turn.say("proposing.nothing_open", turn.buttons("propose", "usual"))


async def decline(turn: Turn) -> None:
    """No thanks, to whatever it was."""
    turn.settle("question", "proposal", "consent")
    turn.say("proposing.rejected")
    turn.may_ask = False


async def offer_one(turn: Turn, product: Product, lead: str = "") -> None:
    """One product the customer asked for, as a proposal of one."""
    options = complete(turn.pack, {})
    amount, expense = price(turn.pack, product, options), cost(turn.pack, product, options)
    item = Proposed(product.id, options, amount, expense, (), tuple(options), False, 0.0)
    proposal = await _write(turn, [item])
    text = turn.text(
        "proposing.one",
        name=product.name[turn.language],
        note=product.note[turn.language],
        price=turn.words.money(amount),
        options=turn.words.options(options),
    )
    ways = [turn.button("take", f"choose:{proposal.id}:1"), *turn.buttons("propose")]
    turn.add("\n".join(filter(None, (lead, text))), ways, image=product.image or None)
    turn.wait_for("proposal", proposal.id)
