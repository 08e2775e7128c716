"""Runs of characters and of words, weighed by how rare they are."""

import json
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Callable, Dict, Iterator, List, Mapping, Sequence

import numpy as np
from scipy.sparse import csr_matrix

from bot.words import cut

LONGEST = 240  # characters of a message that are looked at
CHARACTERS = 5  # in the longest run within a word
WORDS = 2  # in the longest run of words
FILE = "runs.json"

TELLING = {"characters": 3, "words": 1}
"""The shortest runs that tell whether a text is familiar; single letters are in everything."""


@dataclass(frozen=True)
class Block:
    """The runs of one kind that a training set has."""

    cutting: str  # a key of CUTTINGS
    places: Mapping[str, int]  # run -> column
    rarity: np.ndarray  # column -> inverse document frequency


def characters(text: str) -> Iterator[str]:
    """Runs of one to five characters within words; a space marks where a word begins and ends."""
    for word in text.split():
        framed = f" {word} "
        for size in range(1, CHARACTERS + 1):
            for start in range(len(framed) - size + 1):
                yield framed[start : start + size]


def words(text: str) -> Iterator[str]:
    """Words and pairs of words, the ends of the text counting as words."""
    row = ["", *(text[start:end] for start, end in cut(text)), ""]
    for size in range(1, WORDS + 1):
        for start in range(len(row) - size + 1):
            yield " ".join(row[start : start + size])


CUTTINGS: Mapping[str, Callable[[str], Iterator[str]]] = {"characters": characters, "words": words}
"""The kinds of runs, in the order of their columns."""


def learn_block(cutting: str, texts: Sequence[str], rare: int) -> Block:
    """The runs that at least `rare` of the texts have, most frequent first, and how rare each is."""
    found = Counter(run for text in texts for run in set(CUTTINGS[cutting](text)))
    kept = [
        (run, count)
        for run, count in sorted(found.items(), key=lambda item: (-item[1], item[0]))
        if count >= rare
    ]
    counts = np.array([count for _, count in kept], np.float32)
    rarity = np.log((1 + len(texts)) / (1 + counts)) + 1  # as scikit-learn does
    return Block(cutting, {run: place for place, (run, _) in enumerate(kept)}, rarity.astype(np.float32))


def joined_row(blocks: Sequence[Block], text: str, length: float) -> csr_matrix:
    """The vectors of all blocks side by side, each of the same length; one row."""
    places, values, first = [], [], 0
    for block in blocks:
        counts = _counts(block, text[:LONGEST])
        where = np.fromiter(counts, np.int32, len(counts))
        value = np.sqrt(np.fromiter(counts.values(), np.float32, len(counts))) * block.rarity[where]
        places.append(where + first)
        values.append(value * np.float32(length / max(float(np.linalg.norm(value)), 1e-9)))
        first += len(block.rarity)
    data = np.concatenate(values)
    return csr_matrix((data, np.concatenate(places), np.array([0, len(data)])), shape=(1, first))


def familiarity(blocks: Sequence[Block], text: str) -> float:
    """How much of a text was seen in training, 0 to 1: the share of known runs, of the better known kind.

    A misspelt word is familiar by its characters, Chinese by its words; a language never seen by neither.
    """
    return max((_known_share(block, text[:LONGEST]) for block in blocks), default=0.0)


def _known_share(block: Block, text: str) -> float:
    telling = [run for run in CUTTINGS[block.cutting](text) if len(run) >= TELLING[block.cutting]]
    return sum(run in block.places for run in telling) / max(1, len(telling))


def _counts(block: Block, text: str) -> Dict[int, int]:
    counts: Dict[int, int] = {}
    find = block.places.get
    for run in CUTTINGS[block.cutting](text):
        place = find(run)
        if place is not None:
            counts[place] = counts.get(place, 0) + 1
    return counts


def write_blocks(folder: Path, blocks: Sequence[Block]) -> None:
    """Keep the blocks in a folder."""
    kept = [
        {"cutting": block.cutting, "runs": list(block.places), "rarity": block.rarity.tolist()}
        for block in blocks
    ]
    (folder / FILE).write_text(json.dumps(kept, ensure_ascii=False), encoding="utf-8")


def read_blocks(folder: Path) -> List[Block]:
    """The blocks kept in a folder."""
    return [
        Block(
            kept["cutting"],
            {run: place for place, run in enumerate(kept["runs"])},
            np.array(kept["rarity"], np.float32),
        )
        for kept in json.loads((folder / FILE).read_text(encoding="utf-8"))
    ]
