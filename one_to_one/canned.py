"""Replies that colleagues keep ready, in every language of the shop."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from one_to_one.language import Language, Text
from one_to_one.texts import Texts

PLACES = ("customer", "name", "shop")
"""What may stand in braces: the customer's name, the colleague's, the shop's."""

OURS = ("hello", "moment", "sorry", "check", "anything", "bye")
"""Those every shop has, by the name of their text below `canned`."""


@dataclass(frozen=True, slots=True)
class Canned:
    """A reply that is kept ready."""

    title: Text
    text: Text  # may hold the places

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
        )
        for one in OURS
    ]
