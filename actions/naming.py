"""Which products a message names, by their whole name or by a part that says enough."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from itertools import chain

from actions.turn import Turn
from one_to_one.folding import fold
from one_to_one.language import Language
from one_to_one.pricing import chosen_of, codes_of
from one_to_one.shop import Product, ShopPack
from one_to_one.standing import stands

LEAST_HAN, LEAST_LATIN = 2, 4
"""Characters that a part of a name needs to say enough."""

ARTICLE = 2
"""A word of so few letters at the beginning of a label says nothing."""

NEAR = 16
"""So many characters before a name can still turn it down."""

type Parts = Mapping[str, tuple[Product, ...]]

_kept: list[tuple[ShopPack, Parts]] = []


def products_named(turn: Turn) -> list[Product]:
    """The products with the most parts of their name in the message; none when nothing is named."""
    said = fold(turn.said)
    named: dict[str, int] = {}
    for part, products in parts_of(turn.pack).items():
        if stands(said, part):
            for product in products:
                named[product.id] = named.get(product.id, 0) + 1
    most = max(named.values(), default=0)
    return [turn.pack.products[name] for name, count in named.items() if count == most]


def values_named(turn: Turn) -> list[tuple[str, str]]:
    """Topic and code of every value of the products that the message names, in its order."""
    return values_in(turn.pack, turn.said)


def values_in(pack: ShopPack, text: str) -> list[tuple[str, str]]:
    """Topic and code of every value of the products that a text names, in its order."""
    said, found = f" {_APART.sub(' ', fold(text))} ", []
    for word, value in _words_of_values(pack):
        place = said.find(word)
        if place >= 0:
            found.append((place, value))
            said = said.replace(word, "\0" * len(word))
    return list(dict.fromkeys(value for _, value in sorted(found)))


def options_named(turn: Turn, modules: Iterable[str], text: str | None = None) -> list[tuple[str, str, bool]]:
    """Of those of these modules that are no topic: the options that are named as they are called.

    Module, code, and whether it is wanted: not after a "no" or a "without". The longest name counts where one
    is part of another. `text`: the part of the message that is read, where it isn't all of it.
    """
    said, found = f" {_APART.sub(' ', fold(turn.said if text is None else text))} ", []
    names = {
        _standing(called): (name, option.code)
        for name in modules
        if name in turn.pack.modules and name not in turn.pack.topics and not turn.pack.modules[name].number
        for option in turn.pack.modules[name].options.values()
        for label in option.label.values()
        for called in (fold(label), _bare(fold(label)))
    }
    for word in sorted(names, key=lambda one: (-len(one), one)):
        place = said.find(word)
        if place >= 0 and len(word.strip()) >= (LEAST_LATIN if word.isascii() else LEAST_HAN):
            found.append((place, names[word], not _turned_away(turn, said[:place])))
            said = said.replace(word, "\0" * len(word))
    return [(*pick, wanted) for _, pick, wanted in sorted(found)]


def choices_in(turn: Turn) -> dict[str, str]:
    """Module and option of each choice that the message names, also where it only asks about it."""
    said = fold(turn.said)
    found: dict[str, str] = {}
    for name in turn.pack.modules.keys() & turn.pack.topics.keys():
        words = {
            fold(word): code
            for code, value in turn.pack.topics[name].values.items()
            for word in chain(*value.words.values())
        }
        named = [
            word for word in words if stands(said, word) and words[word] in turn.pack.modules[name].options
        ]
        if named:
            found[name] = words[max(named, key=len)]
    return found


def _bare(label: str) -> str:
    """A label without its article."""
    first, _, rest = label.partition(" ")
    return rest if rest and first.isascii() and first.isalpha() and len(first) <= ARTICLE else label


def _turned_away(turn: Turn, before: str) -> bool:
    """Whether what stands right before a name says that it isn't wanted."""
    near = before.rsplit("\0", 1)[-1][-NEAR:]
    return any(stands(near, word) for word in turn.texts.words("configuring.away_words"))


_APART = re.compile(r"[^\w]+|(?<=[a-z0-9])(?=[^\x00-\x7f])|(?<=[^\x00-\x7f])(?=[a-z0-9])")


def _words_of_values(pack: ShopPack) -> Sequence[tuple[str, tuple[str, str]]]:
    """The words for the products' values, the longest first; those in letters stand between blanks."""
    if not _worded or _worded[0][0] is not pack:
        topics = {topic for product in pack.products.values() for topic in product.attributes}
        words = {
            _standing(fold(word)): (topic, value.code)
            for topic in topics & pack.topics.keys()
            for value in pack.topics[topic].values.values()
            for word in chain(value.label.values(), *value.words.values())
        }
        _worded[:] = [(pack, sorted(words.items(), key=lambda one: (-len(one[0]), one)))]
    return _worded[0][1]


def _standing(word: str) -> str:
    return f" {_APART.sub(' ', word)} " if word.isascii() else word


_worded: list[tuple[ShopPack, Sequence[tuple[str, tuple[str, str]]]]] = []


def parts_of(pack: ShopPack) -> Parts:
    """The parts of all names, folded, that aren't values of a topic; those of the last pack are kept."""
    if not _kept or _kept[0][0] is not pack:
        _kept[:] = [(pack, _made(pack))]
    return _kept[0][1]


def _made(pack: ShopPack) -> Parts:
    general = _general(pack)
    found: dict[str, dict[str, Product]] = {}
    for product in pack.products.values():
        for language in Language:
            for part in fold(product.name[language]).split():
                if part not in general and len(part) >= (LEAST_LATIN if part.isascii() else LEAST_HAN):
                    found.setdefault(part, {})[product.id] = product
    return {part: tuple(products.values()) for part, products in found.items()}


def _general(pack: ShopPack) -> frozenset[str]:
    """Words that say what kind of thing it is, rather than which."""
    values = [value for topic in pack.topics.values() for value in topic.values.values()]
    said = [
        word for value in values for words in (*value.words.values(), *value.short.values()) for word in words
    ]
    labels = [label for value in values for label in value.label.values()]
    return frozenset(part for phrase in (*said, *labels) for part in fold(phrase).split())


def label_of(turn: Turn, name: str, chosen: str) -> str:
    """What is chosen of a module, in words."""
    module = turn.pack.modules[name]
    if any(code not in module.options for code in codes_of(chosen)):
        return chosen
    labels = [option.label[turn.language] for option in chosen_of(module, chosen)]
    return turn.words.listed(labels) or turn.text("configuring.nothing")
