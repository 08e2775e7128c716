"""Why a question is worth asking, in one sentence of any of our languages."""

from __future__ import annotations

from one_to_one.planner import Considered
from one_to_one.rules import NONE
from one_to_one.shop import TopicKind
from one_to_one.wording import Wording


def because(words: Wording, one: Considered) -> str:
    """The sentence: what the answer decides between, or what would be assumed without it."""
    pack, language = words.pack, words.language

    def say(key: str, **fields: str) -> str:
        return words.texts.say(language, f"asking.because.{key}", 0, **fields)

    if one.stale is not None:
        return say("stale", when=words.month(one.stale))
    if one.module and pack.modules[one.topic].default != NONE:
        return say("module", option=words.options({one.topic: pack.modules[one.topic].default}))
    if one.between is not None and pack.topics[one.topic].kind is not TopicKind.MONEY:
        first, other = (pack.products[name].name[language] for name in one.between)
        return say("between", one=first, other=other)
    return say("budget" if pack.topics[one.topic].kind is TopicKind.MONEY else "person")
