"""Words with their tags: "B-time" begins an entity, "I-time" goes on with it, "O" is outside of any."""

from typing import Iterator, List, Sequence, Tuple

from bot.words import Span

LONGEST_END = 4  # characters of a word's beginning and ending that are features
_NO_WORD = "_"

Mark = Tuple[int, int, str]
"""Where an entity begins and ends in the text, and its type."""


def features(folded: str, spans: Sequence[Span], intent: str) -> List[List[str]]:
    """What is known of each word: itself, its spelling, its neighbours, and what the sentence wants."""
    words = [folded[start:end] for start, end in spans]
    framed = [_NO_WORD, _NO_WORD, *words, _NO_WORD, _NO_WORD]
    return [_of_word(framed[place : place + 5], intent) for place in range(len(words))]


def _of_word(window: Sequence[str], intent: str) -> List[str]:
    two_before, before, word, after, two_after = window
    ends = [
        found
        for size in range(1, min(len(word), LONGEST_END + 1))
        for found in (f"^{size} {word[:size]}", f"{size}$ {word[-size:]}")
    ]
    return [
        *("any", f"0 {word}", f"-2 {two_before}", f"-1 {before}", f"+1 {after}", f"+2 {two_after}"),
        *(f"-1,0 {before} {word}", f"0,+1 {word} {after}", f"-1,+1 {before} {after}"),
        *(f"-2,-1 {two_before} {before}", f"+1,+2 {after} {two_after}"),
        *(f"intent {intent}", f"intent,0 {intent} {word}", f"intent,-1 {intent} {before}"),
        *ends,
        *([f"digits {len(word)}"] if word.isdigit() else []),
    ]


def tags_of(spans: Sequence[Span], marks: Sequence[Mark]) -> List[str]:
    """The tag of each word; a word that an entity cuts through is outside."""
    tags = ["O"] * len(spans)
    for first, last, kind in marks:
        inside = [place for place, (start, end) in enumerate(spans) if first <= start and end <= last]
        for place in inside:
            tags[place] = f"{'B' if place == inside[0] else 'I'}-{kind}"
    return tags


def spans_of(spans: Sequence[Span], tags: Sequence[str]) -> Iterator[Mark]:
    """The entities that the tags say; one that goes on without having begun begins there."""
    open_mark: Tuple[int, int, str] = (0, 0, "")
    for (start, end), tag in zip(spans, tags):
        step, _, kind = tag.partition("-")
        if open_mark[2] and (step != "I" or kind != open_mark[2]):
            yield open_mark
            open_mark = (0, 0, "")
        if kind:
            open_mark = (open_mark[0], end, kind) if open_mark[2] else (start, end, kind)
    if open_mark[2]:
        yield open_mark
