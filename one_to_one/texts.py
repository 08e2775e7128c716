"""The words Dripwise says, from `data/texts/<language>/<file>.yml`; the same tree in every language."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

from one_to_one.errors import DripwiseError
from one_to_one.folding import fold
from one_to_one.language import Language
from one_to_one.written import read_yaml

type Branch = Mapping[str, "Branch"] | list[str] | str


class NoSuchText(DripwiseError):
    """There is no text {key} in {language}. Add it to data/texts/{language}/."""


class Texts:
    """All texts, by language and by key such as `talk.greet.first`. A list holds variants of one text."""

    def __init__(self, leaves: Mapping[Language, Mapping[str, tuple[str, ...]]]) -> None:
        self._leaves = leaves
        self._words: dict[str, tuple[str, ...]] = {}

    @classmethod
    def read(cls, folder: Path) -> Texts:
        """Read every file of every language below `folder`. The file's name begins its keys."""
        return cls({language: dict(_leaves_of(folder / language)) for language in Language})

    def say(self, language: Language, key: str, variant: int = 0, **fields: object) -> str:
        """The text in this language, its places filled. `variant` counts round the variants there are."""
        variants = self.variants(language, key)
        return variants[variant % len(variants)].format(**fields)

    def variants(self, language: Language, key: str) -> tuple[str, ...]:
        """Every wording of a text, unfilled. Raises NoSuchText."""
        try:
            return self._leaves[language][key]
        except KeyError:
            raise NoSuchText(key=key, language=language) from None

    def words(self, key: str) -> tuple[str, ...]:
        """The words of a list in every language, folded, each once. Raises NoSuchText."""
        if key not in self._words:
            listed = (word for language in Language for word in self.variants(language, key))
            self._words[key] = tuple(dict.fromkeys(map(fold, listed)))
        return self._words[key]

    def keys(self, language: Language) -> frozenset[str]:
        """The keys of all texts in this language."""
        return frozenset(self._leaves[language])

    def under(self, language: Language, prefix: str) -> dict[str, str]:
        """The first wording of each text whose key begins with `prefix` and a dot, by the rest of the key."""
        start = prefix + "."
        return {
            key.removeprefix(start): wordings[0]
            for key, wordings in self._leaves[language].items()
            if key.startswith(start)
        }


def _leaves_of(folder: Path) -> Iterator[tuple[str, tuple[str, ...]]]:
    for path in sorted(folder.glob("*.yml")):
        yield from _flatten(path.stem, read_yaml(path))


def _flatten(key: str, branch: Branch) -> Iterator[tuple[str, tuple[str, ...]]]:
    if isinstance(branch, Mapping):
        for name, child in branch.items():
            yield from _flatten(f"{key}.{name}", child)
    elif isinstance(branch, list):
        yield key, tuple(branch)
    else:
        yield key, (branch,)
