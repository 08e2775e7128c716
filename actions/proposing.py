"""Proposing: three products made to measure, and what became of them."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Any

from actions import (
    altering,
    company,
    configuring,
    conflicting,
    describing,
    drafting,
    early,
    in_basket,
    keeping,
    laying_out,
    past,
    pausing,
    picking,
    reading_changes,
    receipts,
    remembering,
    setting_aside,
    several,
    turning_down,
    unmet,
    varying,
    wishing,
)
from actions.cases import Case, case_of
from actions.laying_out import ways_on
from actions.naming import products_named
from actions.reading_changes import Change
from actions.turn import Focus, Turn
from actions.written import write
from crm_store.models import ProposalRow
from one_to_one.basket import Configured
from one_to_one.configuring.fitting import fitting
from one_to_one.facts import Fact, Heard, Polarity
from one_to_one.history import Shown
from one_to_one.lessons import DEAR
from one_to_one.pricing import cost, price
from one_to_one.proposals import Proposed, budget_topics
from one_to_one.proposals import propose as rule
from one_to_one.shop import Product

TABLE = "table"
"""What stands in a button that leads back from a proposal."""

type Item = Mapping[str, Any]


async def propose(turn: Turn) -> None:
    """Three products for this customer, or what their company agreed on."""
    if await company.propose(turn):
        return
    earlier = await turn.books.proposals.recent(turn.customer.id, past.PROPOSALS)
    await _settle(turn, earlier, "changed" if _wants_others(turn, earlier) else "ignored")
    others = turn.mentions("proposing.others")
    await lay_out(turn, earlier, _goes_on(turn, earlier), others=others)


def _goes_on(turn: Turn, earlier: Sequence[ProposalRow]) -> Focus | None:
    """The proposal on the table, if it was made in this contact for the same person."""
    table = turn.waits_for("proposal")
    if table is None or not earlier or earlier[0].contact_id != turn.contact.id:
        return None
    return table if bool(table.get("other")) == turn.for_another else None


async def lay_out(
    turn: Turn,
    earlier: Sequence[ProposalRow],
    kept: Focus | None = None,
    *,
    others: bool = False,
    below: Decimal | None = None,
    lead: str | None = None,
    but: Collection[str] = (),
) -> None:
    """Make a proposal and put it on the table; `lead`: what to begin with instead of the reasons.

    `but`: products that are in the order already.
    """
    goes_on = bool(kept and kept.get("other") and turn.passing.about and not turn.heard)
    other = turn.for_another or goes_on
    turn.wished = wishing.at_hand(turn, kept.get("wishes", ()) if kept else (), other=other)
    first = not (kept and kept.get("other"))
    case = replace(await case_of(turn, earlier, other=other, first=first, others=others), below=below)
    there = but or await in_basket.beside_the_table(turn)
    case = replace(case, shown=[*case.shown, *(Shown(product, turn.now, "other") for product in there)])
    found = await wishing.fulfilled(turn, case, wishing.still_asked(turn, kept))
    if not found.items:
        turn.say("proposing.nothing", turn.buttons("know", "human"))
        return
    items = found.items
    told = conflicting.clash(turn, case.believed, found.missed, items, lambda: case.whatever_it_costs(turn))
    if told is not None:
        proposal = await write(turn, told.items, other=other, more=told.given)
        back_to = turn.button("back", f"back:{proposal.id}:{TABLE}")
        turn.add("\n".join([told.lead, *told.lines]), [*ways_on(turn, proposal), back_to])
        turn.wait_for("proposal", proposal.id)
        _keep_wishes(turn, found.asked, other=other)
        turn.may_ask = False
        return
    if other:  # what is unlike the customer's own habits says nothing here
        items = [replace(item, novel=False) for item in items]
        turn.may_ask, turn.wonders = False, True
        lead = laying_out.for_other(turn, items, case.history, first=first)
    known = others and len(found.missed) > 1  # that they clash was told with those on the table
    dear = await _too_dear(turn, case, items)
    if dear is not None:
        items = [replace(item, novel=False) for item in sorted(items, key=lambda item: item.price)]
    lead = (None if known else found.lead) or dear or lead or await laying_out.lead(turn, items, earlier)
    proposal = await write(turn, items, other=other)
    notes = laying_out.not_kept(turn) if other else []
    text = "\n".join(
        [lead, *laying_out.lines(turn, items), *laying_out.assumed(turn, items, other=other), *notes]
    )
    turn.add(text, ways_on(turn, proposal))
    turn.wait_for("proposal", proposal.id)
    if found.met:  # else it was told once: the next word is about something else
        _keep_wishes(turn, found.asked, other=other)


async def _too_dear(turn: Turn, case: Case, items: Sequence[Proposed]) -> str | None:
    """That nothing costs as little as they said just now, written down for the shop; None: something does."""
    limit = conflicting.beyond(turn, case.believed, items)
    named = [
        (one.topic, one.value) for one in (*turn.heard, *turn.theirs) if one.topic in budget_topics(turn.pack)
    ]
    if limit is None or not named:
        return None
    await unmet.record(turn, wants=named)
    amounts = {"limit": turn.words.money(limit), "least": turn.words.money(min(item.price for item in items))}
    return turn.text("proposing.beyond", **amounts)


def _keep_wishes(turn: Turn, asked: Sequence[wishing.Value], *, other: bool) -> None:
    """Let what was asked for lie beside the proposal, for when others are wanted, or cheaper ones."""
    kept: dict[str, Any] = {"asked": [list(value) for value in asked]} if asked else {}
    if turn.wished or other:
        kept |= {"wishes": wishing.asked_for(turn), "other": other}
    if kept:
        turn.customer.focus = {**(turn.customer.focus or {}), **kept}


async def allowed(turn: Turn) -> list[str]:
    """Every product that isn't ruled out for them."""
    turn.wished = wishing.at_hand(turn)
    believed, history = wishing.basis(turn, other=turn.for_another), await past.habits(turn)
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


def put_over(turn: Turn, proposal: ProposalRow) -> None:
    """Put a proposal on the table, over the draft or the proposal that lies there, to which "back" leads."""
    table = turn.waits_for("proposal")
    before = (
        (table or {}).get("before")
        if table and table["ref"] == str(proposal.id)
        else (table or {}).get("ref")
    )
    turn.wait_for("proposal", proposal.id, over=True)
    if before:
        turn.customer.focus = {**(turn.customer.focus or {}), "before": before}


async def back(turn: Turn, proposal: ProposalRow) -> None:
    """One step back: the draft under it, else what was proposed before it in this contact."""
    table = turn.waits_for("proposal") or {}
    turn.settle("proposal")
    turn.may_ask = False
    if await drafting.show_again(turn, "configuring.now"):
        return
    earlier = await turn.books.proposals.recent(turn.customer.id, past.PROPOSALS)
    named = [one for one in earlier if str(one.id) == table.get("before")]
    older = [one for one in earlier if one.id < proposal.id and one.contact_id == turn.contact.id]
    if not (named or older):
        turn.say("proposing.first", turn.buttons("propose", "steps"))
        return
    await show(turn, (named or older)[0])


async def show(turn: Turn, proposal: ProposalRow) -> None:
    """Put an earlier proposal on the table again, in short."""
    items = [item for item in proposal.items if item["product"] in turn.pack.products]
    names = turn.words.listed(laying_out.name(turn, item["product"]) for item in items)
    turn.say("proposing.again", ways_on(turn, proposal), names=names)
    turn.wait_for("proposal", proposal.id)


REMEMBERED = timedelta(days=30)
"""For so long "the one from before" may mean what was shown."""


async def take_earlier(turn: Turn) -> bool:
    """Put what was shown before on the table again, when they come back to it; False: they don't."""
    if turn.message.payload is not None or turn.heard or not turn.mentions("proposing.earlier_words"):
        return False
    if turn.waits_for("proposal") or turn.waits_for("order"):
        return False
    latest = await turn.books.proposals.latest(turn.customer.id)
    placed = await turn.books.orders.placed(turn.customer.id, 1)
    if latest is None or turn.now - latest.at > REMEMBERED or (placed and placed[0].at > latest.at):
        return False
    early.keep(turn, early.said(turn))
    turn.action = "answer_proposal"
    if (number := picking.picked(turn, latest)) is not None:
        await _choose(turn, latest, number)
    else:
        await show(turn, latest)
    turn.may_ask = False
    return True


async def show_table(turn: Turn) -> None:
    """What is on the table once more, as it was."""
    table = turn.waits_for("proposal")
    proposal = None if table is None else await turn.books.proposals.get(int(table["ref"]), turn.customer.id)
    if proposal is None:
        await propose(turn)
    else:
        turn.offer(*ways_on(turn, proposal))


async def take(turn: Turn, focus: Focus) -> bool:
    """Read the message as what becomes of the open proposal; False: it is about something else."""
    proposal = await turn.books.proposals.get(int(focus["ref"]), turn.customer.id)
    if proposal is None:
        turn.settle("proposal")
        return False
    if turn.waits_for("order") is not None and keeping.asks_to_keep(turn):
        return False  # of what is being made, which is compared
    aim = picking.aim(turn, proposal)
    number, several_taken = aim.taken, () if aim.against else several.chosen(turn, proposal)
    if _lays_by(turn, aim):
        await _keep(turn, proposal, [number] if number else list(aim.about))
        return True
    if altering.says_back(turn) and not turn.heard:
        await back(turn, proposal)
    elif several_taken:
        await several.begin(turn, proposal, several_taken, await in_basket.adding(turn, proposal))
    elif turn.asks_why:
        receipts.explain(turn, proposal)
    elif number is not None:
        await _choose(turn, proposal, number, aim.against)
    elif aim.against:
        await setting_aside.set_aside(turn, proposal, aim.against)
    elif about := aim.about or picking.most_of(turn, proposal):
        describing.tell(turn, proposal, about)
    elif reason := turning_down.reason_in(turn):
        await _turn_down(turn, proposal, reason)
    elif picking.says_others(turn, others=False):
        await _others(turn, proposal)
    elif picking.changes_options(turn) or picking.wants_more_of_all(turn):
        await _remake(turn, proposal)
    elif await early.take(turn, proposal):
        pass
    elif picking.short_option(turn):
        await _remake(turn, proposal)
    elif picking.says_others(turn, others=True):
        await _others(turn, proposal)
    elif await in_basket.has_enough(turn):
        pass
    elif picking.waves_aside(turn):
        await turning_down.reject(turn, proposal)
    elif picking.agrees(turn):
        await _agree(turn, proposal)
    else:
        return False
    return True


def _lays_by(turn: Turn, aim: picking.Aim) -> bool:
    """Whether they want to lay by what is on the table, or to share what they point at."""
    if turn.heard or aim.against or turning_down.reason_in(turn):
        return False
    shares = turn.mentions("configuring.share_words") and bool(aim)
    return shares or turn.mentions("configuring.save_words")


async def _keep(turn: Turn, proposal: ProposalRow, places: Sequence[int]) -> None:
    """Lay by, or share, those that are meant; where none is singled out, all of them are laid by."""
    table = turn.waits_for("proposal") or {}
    about = [int(table["about"])] if table.get("about") else []
    items = [proposal.items[place - 1] for place in places or about] or list(proposal.items)
    there = [item for item in items if item["product"] in turn.pack.products]
    rows = [
        await turn.books.configurations.add(
            turn.customer.id,
            Configured(item["product"], item["options"], assumed=item["assumed"]),
            turn.now,
        )
        for item in there
    ]
    turn.may_ask = False
    if turn.mentions("configuring.share_words"):
        told = [(laying_out.name(turn, row.product), keeping.address_of(turn, row)) for row in rows]
        lines = [turn.text("configuring.shared_one", name=name, url=url) for name, url in told]
        turn.add("\n".join([turn.text("configuring.shared_several"), *lines]), ways_on(turn, proposal))
        return
    for row in rows:
        await turn.books.configurations.save(row, turn.now)
    names = turn.words.listed(laying_out.name(turn, row.product) for row in rows)
    turn.say("configuring.saved_these", [*ways_on(turn, proposal), *turn.buttons("saved")], names=names)


async def _remake(turn: Turn, proposal: ProposalRow) -> None:
    """The same products, made up otherwise; what the choice says of the customer is remembered."""
    table = turn.waits_for("proposal") or {}
    short = {} if turn.heard or turn.theirs else picking.short_option(turn)
    if turn.intent == "inform" and turn.stated:
        await remembering.remember(turn)
    elif short and not table.get("other"):
        named = [Heard(name, code, Polarity.LIKES, 1.0, turn.said) for name, code in short.items()]
        await remembering.remember(turn, named)
    noted = early.noted(turn, early.keep(turn, replace(early.said(turn), picks={})))
    await turn.books.proposals.settle(proposal, "ignored", turn.now)
    items = [_made_otherwise(turn, item, short) for item in proposal.items]
    there = [item for item in items if item is not None]
    if not there and turn.intent == "inform" and turn.stated:
        await propose(turn)  # others can be made so
        return
    if not there:
        turn.say("configuring.impossible", ways_on(turn, proposal))
        return
    out = [item["product"] for item, made_so in zip(proposal.items, items, strict=True) if made_so is None]
    left_out = turn.words.listed(laying_out.name(turn, product) for product in out)
    other = bool(table.get("other")) or turn.for_another
    made = await write(turn, there, other=other)
    lead = turn.texts.say(turn.language, "talk.space").join(
        filter(
            None,
            (
                noted,
                turn.text("configuring.left_out", names=left_out) if out else "",
                turn.text("configuring.remade"),
            ),
        )
    )
    lines = [*laying_out.lines(turn, there), *laying_out.assumed(turn, there)]
    turn.add("\n".join([lead, *lines]), ways_on(turn, made))
    turn.wait_for("proposal", made.id)
    kept = {name: table[name] for name in ("asked", "wishes") if name in table}
    turn.keep_with("proposal", **kept, **({"other": True} if other else {}))
    turn.may_ask = False


def _made_otherwise(turn: Turn, item: Item, short: Mapping[str, str]) -> Proposed | None:
    """A proposed product as the message wants it; None: it can't be made so, or goes no further that way."""
    options = item["options"]
    change = reading_changes.change_of(turn, options, turn.heard or turn.theirs)
    change = reading_changes.with_steps(turn, item["product"], options, change)
    change = change if change or change.stuck else Change(short)
    return None if change.stuck else configuring.remade(turn, item, change)


async def _turn_down(turn: Turn, proposal: ProposalRow, reason: str) -> None:
    """With a reason that better products can answer, make another proposal; else leave it there."""
    kept = turn.waits_for("proposal")
    turn.heard = turning_down.without_reason(turn, reason)
    await turning_down.explain(turn, proposal, reason, turn.said)
    if turning_down.ends(reason):
        turn.settle("proposal", "question")
        turning_down.note(turn, reason)
    else:
        below = min(Decimal(item["price"]) for item in proposal.items) if reason == DEAR else None
        earlier = await turn.books.proposals.recent(turn.customer.id, past.PROPOSALS)
        await lay_out(turn, earlier, kept, below=below)
    turn.may_ask = False


async def _agree(turn: Turn, proposal: ProposalRow) -> None:
    if len(proposal.items) == 1:
        await _choose(turn, proposal, 1)
    else:
        turn.say("proposing.which", ways_on(turn, proposal))
        turn.may_ask = False


async def _choose(
    turn: Turn, proposal: ProposalRow, number: int, against: Mapping[int, str] | None = None
) -> None:
    """A draft of one; what they have against the others is noted."""
    for place, reason in (against or {}).items():
        await turn.books.proposals.turn_down(proposal, place, reason)
    if (order := await in_basket.adding(turn, proposal)) is not None:
        await several.begin(turn, proposal, [several.said_of(turn, proposal, number)], order)
        return
    await turn.books.proposals.settle(proposal, "accepted", turn.now, picked=number)
    await early.begin(turn, proposal, number)


async def tapped(turn: Turn) -> ProposalRow | None:
    """The proposal a button belongs to; None, and said so, when there is none."""
    number = turn.number(0)
    proposal = None if number is None else await turn.books.proposals.get(number, turn.customer.id)
    if proposal is None:
        turn.say("lost.button", turn.buttons("propose", "help"))
    return proposal


async def tap_choose(turn: Turn) -> None:
    """One of the products was tapped."""
    proposal, number = await tapped(turn), turn.number(1)
    if proposal is None:
        return
    if number is None or not 1 <= number <= len(proposal.items):
        turn.say("lost.button", turn.buttons("propose", "help"))
    else:
        await _choose(turn, proposal, number)


async def tap_back(turn: Turn) -> None:
    """Back from what was proposed to what there was before."""
    proposal = await tapped(turn)
    if proposal is not None:
        await back(turn, proposal)


async def tap_other(turn: Turn) -> None:
    """None of these: others, please."""
    proposal = await tapped(turn)
    if proposal is not None:
        await _others(turn, proposal)


async def _others(turn: Turn, proposal: ProposalRow) -> None:
    if len(await allowed(turn)) == 1 and await _vary(turn, proposal):
        return
    if proposal.outcome == "open":
        await turn.books.proposals.settle(proposal, "changed", turn.now)
    kept = turn.waits_for("proposal")
    earlier = await turn.books.proposals.recent(turn.customer.id, past.PROPOSALS)
    await lay_out(turn, earlier, kept, others=True)


async def _vary(turn: Turn, proposal: ProposalRow) -> bool:
    """Where it can only be this product: quite different ones of it; False: there are none."""
    product = turn.pack.products.get(proposal.items[0]["product"])
    if product is None:
        return False
    made = await varying.alternatives(turn, product, proposal.items[0]["options"], ())
    if not made:
        return False
    items = [
        Proposed(one.product, dict(one.options), one.price, one.cost, (), (), False, one.utility)
        for one in made
    ]
    table = turn.waits_for("proposal") or {}
    written = await write(turn, items, other=bool(table.get("other")))
    turn.say("varying.lead", name=product.name[turn.language])
    told = varying.apart(turn, made, proposal.items[0]["options"])
    for number, (one, _, how) in enumerate(told, start=1):
        way = turn.button("choose", f"choose:{written.id}:{number}", number=number, name=how)
        picture = await varying.picture(turn, product, one.options, Decimal(one.quantity))
        fields = {"title": turn.words.title(product, one.options), "price": turn.words.money(one.price)}
        turn.add(turn.text("conflicting.way", number=number, how=how, **fields), [way], image=picture)
    turn.offer(turn.button("back", f"back:{written.id}:{TABLE}"))
    put_over(turn, written)
    turn.may_ask = False
    return True


async def tap_reject(turn: Turn) -> None:
    """No thanks; or, tapped after that, why not."""
    proposal = await tapped(turn)
    reason = "".join(turn.arguments[1:2])
    if proposal is None:
        return
    if not reason:
        await turning_down.reject(turn, proposal)
    elif turning_down.is_known(turn, reason):
        await turning_down.explain(turn, proposal, reason, None)
        turn.settle("proposal", "question")
        turning_down.note(turn, reason)
    else:
        turn.say("lost.button", turn.buttons("propose", "help"))
    turn.may_ask = False


async def tap_anew(turn: Turn, fact: Fact) -> None:
    """Something they were judged by isn't so any more: propose again without it, everything else kept."""
    kept = turn.waits_for("proposal")
    earlier = await turn.books.proposals.recent(turn.customer.id, past.PROPOSALS)
    await receipts.drop(turn, fact)
    await _settle(turn, earlier, "ignored")
    lead = turn.text("proposing.without", thing=turn.words.fact(fact))
    await lay_out(turn, earlier, kept, lead=lead)
    turn.offer(*receipts.instead(turn, fact))
    turn.may_ask = False


async def choose(turn: Turn) -> None:
    """The customer picks something, but not from an open proposal."""
    table = turn.waits_for("proposal")
    number = None if table is None else int(table["ref"])
    proposal = None if number is None else await turn.books.proposals.get(number, turn.customer.id)
    proposal = proposal or await turn.books.proposals.latest(turn.customer.id)
    number = picking.picked(turn, proposal) if proposal is not None else None
    if proposal is not None and number is not None:
        await _choose(turn, proposal, number)
    elif await _take_named(turn):
        return
    elif proposal is not None and turn.waits_for("proposal"):
        turn.say("proposing.which", ways_on(turn, proposal))
        turn.may_ask = False
    else:
        turn.say("proposing.nothing_open", turn.buttons("propose", "usual"))


async def _take_named(turn: Turn) -> bool:
    """A draft of the one product that the message names, made up for them; False: it names no one."""
    named = [one for one in products_named(turn) if one.stock > 0]
    if len(named) != 1 or turn.asks:
        return False
    earlier = await turn.books.proposals.recent(turn.customer.id, past.PROPOSALS)
    other = turn.for_another
    turn.wished = wishing.at_hand(turn, other=other)
    case = await case_of(turn, earlier, other=other, first=True)
    items = case.items(turn, frozenset({named[0].id}), anew=True, count=1)
    if not items:
        return False
    await _choose(turn, await write(turn, items, other=other), 1)
    return True


async def decline(turn: Turn) -> None:
    """No thanks, to whatever it was."""
    await pausing.put_off(turn)
    turn.settle("proposal", "consent")
    turn.say("proposing.rejected")
    turn.may_ask = False


async def offer_one(
    turn: Turn, product: Product, lead: str = "", options: Mapping[str, str] | None = None
) -> None:
    """One product the customer asked for, as a proposal of one."""
    barred = turn.barred.keys()
    options = fitting(turn.pack, product, options or {}, barred=barred, day=turn.now.date())
    amount, expense = price(turn.pack, product, options), cost(turn.pack, product, options)
    item = Proposed(product.id, options, amount, expense, (), tuple(options), False, 0.0)
    proposal = await write(turn, [item])
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
