"""Replies that colleagues keep ready, in every language of the shop."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from one_to_one.language import Language, Text
from one_to_one.texts import Texts

PLACES = ("customer", "name", "shop")
"""What may stand in braces: the customer's name, the colleague's, the shop's."""

SAID = (
    "greet",
    "goodbye",
    "thanks",
    "hours",
    "delivery",
    "human",
    "inform",
    "propose",
    "catalogue",
    "order_status",
    "change",
    "praise",
    "complain",
)
"""What a customer may have said that a reply fits: intents of the bot."""

OURS: Mapping[str, frozenset[str]] = {
    "hello": frozenset({"greet", "human"}),
    "moment": frozenset({"order_status", "delivery", "change"}),
    "sorry": frozenset({"complain"}),
    "check": frozenset({"order_status", "change", "complain"}),
    "anything": frozenset({"thanks", "praise"}),
    "bye": frozenset({"goodbye", "thanks"}),
}
"""Those every shop has, by the name of their text below `canned`, and what a customer said that they fit."""


@dataclass(frozen=True, slots=True)
class Canned:
    """A reply that is kept ready."""

    title: Text
    text: Text  # may hold the places
    fits: frozenset[str] = frozenset()  # what the customer said last, of SAID

    def filled(self, language: Language, *, customer: str, name: str, shop: str) -> str:
        """As it is sent. Where no name of the customer's is known, their place goes with the comma at it."""
        text = self.text.get(language) or next(iter(self.text.values()))
        if not customer:
            for comma in (", {customer}", "，{customer}", "{customer}, ", "{customer}，", " {customer}"):
                text = text.replace(comma, "")
        return text.replace("{customer}", customer).replace("{name}", name).replace("{shop}", shop)


def ours(texts: Texts) -> Sequence[Canned]:
    """The replies that every shop has ready."""
    return [
        Canned(
            {tag: texts.say(tag, f"canned.{one}.title") for tag in Language},
            {tag: texts.variants(tag, f"canned.{one}.text")[0] for tag in Language},
            fits,
        )
        for one, fits in OURS.items()
    ]
