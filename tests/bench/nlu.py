"""What the bot's pipeline understands: of foreign data with published figures, and of our own sentences.

For each foreign set the pipeline of `config.yml` is trained, unchanged, on its training part, and reads its
test part once. Our own sentences and the times are those of the coffee shop's model.
"""

from __future__ import annotations

import statistics
import tempfile
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import opencc_pyo3

from cli.benching import BenchOptions, Figure, NoData
from cli.training import train_if_needed
from one_to_one.pack import read_pack
from one_to_one.shop import TopicKind
from settings import Settings
from tests.bench.nlu_bot import Read, read_all, train_model
from tests.bench.nlu_scores import foreign_recall, intent_accuracy, span_f1, taken_accuracy, token_f1
from tests.bench.nlu_sets import Labelled, LabelledSet, find_sets
from tests.understanding.sentences import Sentence, compare, facts_of, held_out, parallel, simplified
from tests.understanding.threshold import Outcome, configured, derive

HWU64, SMP2019 = "nlu_hwu64", "nlu_smp2019"
DIET = "DIET (Bunk et al. 2020)"
RASA = "Rasa, supervised embeddings, F1"
LONG = 100_000  # characters of a hostile message
HOSTILE = ("a", "咖", "不要", "\x00\x07", "😀", "\u202e\u2066ا", "e\u0301\u0327", "no not ", "1,", "?!", "\n")
"""What messages of that length are made of: endless words, controls, emoji, bidi marks, piled accents."""


@dataclass(frozen=True, slots=True)
class Taught:
    """The bot after learning the training part of a foreign set, with what it made of the test part."""

    data: LabelledSet
    model: Path
    read: Sequence[Read]

    def about(self, score: Callable[[Sequence[Labelled], Sequence[Read]], float]) -> float:
        return score(self.data.test, self.read)

    def reads(self, texts: Sequence[str]) -> Sequence[Read]:
        return read_all(self.model, texts).read


def measure(options: BenchOptions) -> Iterator[Figure]:
    """Our own sentences, then the foreign sets.

    Raises NoData for one that is missing, after all else is measured.
    """
    yield from _own(options)
    with tempfile.TemporaryDirectory(prefix="dripwise-bench-nlu-") as place:
        folds, missing = _taught(options, HWU64, Path(place))
        yield from _hwu64(folds)
        cuts, also_missing = _taught(options, SMP2019, Path(place))
        yield from _smp2019(cuts)
        if folds and cuts:
            yield from _scope(folds[0], cuts[0])
    for problem in (missing, also_missing):
        if problem:
            raise problem


def _taught(options: BenchOptions, name: str, folder: Path) -> tuple[list[Taught], NoData | None]:
    """One for every part of a data set, the largest first where they differ; none when it isn't there."""
    try:
        sets = find_sets(options.folder(name))
    except NoData as problem:
        return [], problem
    if not sets:
        return [], NoData(folder=options.data / name)
    sets.sort(key=lambda each: -len({sentence.intent for sentence in each.train}))
    return [_teach(options, each, folder / name / each.name) for each in sets], None


def _teach(options: BenchOptions, data: LabelledSet, folder: Path) -> Taught:
    options.say(f"{data.name}: learning {len(data.train):,} sentences, then reading {len(data.test):,} …")
    model = train_model(data.train, folder)
    return Taught(data, model, read_all(model, [each.text for each in data.test]).read)


def _hwu64(folds: Sequence[Taught]) -> Iterator[Figure]:
    for fold in folds:
        yield _percent(f"hwu64.intent_accuracy.{fold.data.name}", fold.about(intent_accuracy))
        yield _percent(f"hwu64.entity_f1.{fold.data.name}", fold.about(token_f1))
    if folds:
        yield _percent("hwu64.intent_accuracy", _mean(folds, intent_accuracy), 0.899, DIET)
        yield _percent("hwu64.intent_accuracy_with_fallback", _mean(folds, taken_accuracy))
        yield _percent(
            "hwu64.entity_f1", _mean(folds, token_f1), 0.864, f"{DIET}; by words, as rasa test counts"
        )
        yield _percent("hwu64.entity_span_f1", _mean(folds, span_f1))


def _smp2019(cuts: Sequence[Taught]) -> Iterator[Figure]:
    """The cut with the most intents is the set that others have measured; further ones go by their name."""
    for other in cuts[1:]:
        yield _percent(f"smp2019.intent_accuracy.{other.data.name}", other.about(intent_accuracy))
    for cut in cuts[:1]:
        yield _percent("smp2019.intent_accuracy", cut.about(intent_accuracy), 0.833, "character SVM")
        yield _percent("smp2019.intent_accuracy_with_fallback", cut.about(taken_accuracy))
        yield _percent("smp2019.entity_f1", cut.about(token_f1), 0.77, RASA)
        yield _percent("smp2019.entity_span_f1", cut.about(span_f1))
        for measure, table in (("traditional", "s2t"), ("taiwan", "s2twp")):
            convert = opencc_pyo3.OpenCC(table).convert
            read = cut.reads([convert(each.text) for each in cut.data.test])
            score = intent_accuracy(cut.data.test, read)
            yield _percent(f"smp2019.intent_accuracy_{measure}", score, 0.833, "character SVM, Simplified")


def _scope(english: Taught, chinese: Taught) -> Iterator[Figure]:
    """Each bot reads the other's test sentences; at the threshold that takes on 95 % of its own."""
    found = []
    for name, own, other in (("hwu64", english, chinese), ("smp2019", chinese, english)):
        recall = foreign_recall(own.read, own.reads([each.text for each in other.data.test]))
        found.append(recall)
        yield _percent(f"scope.foreign_recall.{name}_bot", recall)
    yield _percent("scope.foreign_recall", statistics.mean(found))


def _own(options: BenchOptions) -> Iterator[Figure]:
    """Sentences that the coffee shop's bot has never learned, and how long it takes over a message."""
    with tempfile.TemporaryDirectory(prefix="dripwise-bench-nlu-") as home:
        model = train_if_needed(Settings(home=Path(home)), options.say)
        sentences = held_out()
        options.say(f"our own: reading {len(sentences):,} sentences and {len(HOSTILE)} hostile ones …")
        texts = [each.text for each in sentences]
        session = read_all(model, texts)
        read = dict(zip(texts, session.read, strict=True))
        yield from _facts(sentences, read)
        yield Figure("model.size", model.stat().st_size / 1e6, "MB")
        yield Figure("model.startup", session.startup, "s", 15.0, "Rasa, logistic regression")
        yield from _times(session.read[1:])
        hostile = read_all(model, ["warm", *((part * LONG)[:LONG] for part in HOSTILE)]).read[1:]
        yield Figure("message.hostile_ms", max(each.ms for each in hostile), "ms")
        yield Figure("message.hostile_cpu_ms", max(each.cpu_ms for each in hostile), "ms")
        yield from _fallback(sentences, read)


def _facts(sentences: Sequence[Sentence], read: dict[str, Read]) -> Iterator[Figure]:
    meant = [each for each in sentences if each.intents]
    yield _percent(
        "facts.intent_accuracy", _share([read[each.text].intent in each.intents for each in meant])
    )
    scores = [compare(each.facts, facts_of(read[each.text].entities)) for each in sentences]
    right = sum(score.right for score in scores)
    invented, missed = (
        sum(map(len, each)) for each in zip(*((s.invented, s.missed) for s in scores), strict=True)
    )
    yield _percent("facts.precision", right / (right + invented), 0.98, "our aim")
    yield _percent("facts.recall", right / (right + missed), 0.95, "our aim")
    written = _written_by_people()
    alike = [len({_as_set(read[each.text], written) for each in triple}) == 1 for triple in parallel()]
    yield _percent("facts.same_in_all_scripts", _share(alike), 1.0, "our aim")


def _fallback(sentences: Sequence[Sentence], read: dict[str, Read]) -> Iterator[Figure]:
    """The threshold that held-out sentences ask for, beside the one in config.yml."""
    judged = [(each, read[each.text]) for each in sentences if each.intents]
    outcomes = [Outcome(got.confidence, got.best in each.intents) for each, got in judged]
    yield Figure("fallback.threshold", derive(outcomes), "chance", configured(), "config.yml")


def _written_by_people() -> frozenset[str]:
    """The topics whose values are people's own words: a name is written in another way in another script."""
    pack = read_pack(Settings().shop_folder)
    return frozenset(t.name for t in pack.topics.values() if t.kind in (TopicKind.NAME, TopicKind.TEXT))


def _as_set(read: Read, written: Collection[str]) -> frozenset[str]:
    """The facts in any script; of what is in the customer's own words only that it was read."""
    told = [{**each, "value": ""} if each["entity"] in written else each for each in read.entities]
    return frozenset(map(simplified, facts_of(told)))


def _times(read: Sequence[Read]) -> Iterator[Figure]:
    for measure, times in (("", [each.ms for each in read]), ("cpu_", [each.cpu_ms for each in read])):
        yield Figure(f"message.{measure}median_ms", statistics.median(times), "ms", 6.0, "our aim")
        yield Figure(f"message.{measure}p95_ms", statistics.quantiles(times, n=20)[-1], "ms")


def _mean(
    all_taught: Sequence[Taught], score: Callable[[Sequence[Labelled], Sequence[Read]], float]
) -> float:
    return statistics.mean(each.about(score) for each in all_taught)


def _share(outcomes: Sequence[bool]) -> float:
    return sum(outcomes) / len(outcomes)


def _percent(measure: str, value: float, reference: float | None = None, source: str = "") -> Figure:
    return Figure(measure, value, "share", reference, source)
