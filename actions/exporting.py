"""Send me my data: a file on channels that can, else links that only this customer has."""

from __future__ import annotations

from actions.turn import Turn
from crm_store.export_links import LIFE, make_link
from one_to_one.replies import EXPORT

SENDS_FILES = frozenset({"telegram"})


async def export(turn: Turn) -> None:
    """Hand over everything that is kept about the customer, to read and for programs."""
    turn.may_ask = False
    await turn.books.audit.record(
        "customer", "export", turn.customer.id, turn.now, channel=turn.message.channel
    )
    if turn.message.channel in SENDS_FILES:
        turn.say("exporting.file", turn.buttons("privacy", "know"))
        turn.attach(EXPORT)
        return
    token = await make_link(turn.books, turn.customer.id, turn.now)
    lines = [turn.text("exporting.link", minutes=int(LIFE.total_seconds() // 60))]
    for kind in ("html", "json"):
        lines.append(turn.text(f"exporting.{kind}", url=f"{turn.origin}/export/{token}.{kind}"))
    turn.add("\n".join(lines), turn.buttons("privacy", "know"))
