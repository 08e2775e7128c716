"""Finds entities that a training set marks in its sentences; where it marks none, nothing runs."""

from typing import Any, Dict, Iterator, List, Optional, Sequence, Tuple

from pycrfsuite import Tagger, Trainer
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.extractors.extractor import EntityExtractorMixin
from rasa.shared.nlu.constants import (
    ENTITIES,
    ENTITY_ATTRIBUTE_END,
    ENTITY_ATTRIBUTE_START,
    ENTITY_ATTRIBUTE_TYPE,
    INTENT,
    TEXT,
)
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.tags import features, spans_of, tags_of
from bot.words import Span, cut
from one_to_one.folding import fold

FILE = "tags.crfsuite"


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR, is_trainable=True)
class EntityTagger(GraphComponent, EntityExtractorMixin):
    """A linear-chain conditional random field (CRFsuite) over words, their spelling and the intent."""

    def __init__(
        self, config: Dict[str, Any], storage: ModelStorage, resource: Resource, model: Optional[bytes]
    ) -> None:
        self._config = config
        self._storage = storage
        self._resource = resource
        self._tagger: Optional[Tagger] = None
        self._model = model  # CRFsuite reads in these very bytes as long as it tags
        if model:
            self._tagger = Tagger()
            self._tagger.open_inmemory(model)

    @staticmethod
    def get_default_config() -> Dict[str, Any]:
        """`iterations` of the averaged perceptron."""
        return {"iterations": 10}

    @classmethod
    def create(
        cls,
        config: Dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> "EntityTagger":
        return cls(config, model_storage, resource, None)

    @classmethod
    def load(
        cls,
        config: Dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> "EntityTagger":
        with model_storage.read_from(resource) as folder:
            kept = folder / FILE
            return cls(config, model_storage, resource, kept.read_bytes() if kept.is_file() else None)

    def train(self, training_data: TrainingData) -> Resource:
        """Learn the marks and keep them with the model; an empty folder when there are none."""
        with self._storage.write_to(self._resource) as folder:
            if any(example.get(ENTITIES) for example in training_data.nlu_examples):
                self._fit(training_data.nlu_examples).train(str(folder / FILE))
        return self._resource

    def process(self, messages: List[Message]) -> List[Message]:
        if self._tagger is not None:
            for message in messages:
                found = list(self._find(self._tagger, message))
                message.set(ENTITIES, message.get(ENTITIES, []) + found, add_to_output=True)
        return messages

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        return training_data

    def _fit(self, examples: Sequence[Message]) -> Trainer:
        trainer = Trainer(algorithm="ap", verbose=False)
        trainer.set_params({"max_iterations": self._config["iterations"]})
        for example in examples:
            folded, spans = _words(example.get(TEXT))
            if spans:
                marks = [_mark(entity) for entity in example.get(ENTITIES, [])]
                trainer.append(features(folded, spans, example.get(INTENT) or ""), tags_of(spans, marks))
        return trainer

    def _find(self, tagger: Tagger, message: Message) -> Iterator[Dict[str, Any]]:
        text = message.get(TEXT)
        folded, spans = _words(text)
        intent = (message.get(INTENT) or {}).get("name") or ""
        for start, end, kind in spans_of(spans, tagger.tag(features(folded, spans, intent)) if spans else []):
            yield {
                ENTITY_ATTRIBUTE_TYPE: kind,
                "value": text[start:end],
                ENTITY_ATTRIBUTE_START: start,
                ENTITY_ATTRIBUTE_END: end,
                "extractor": self.name,
            }


def _words(text: str) -> Tuple[str, List[Span]]:
    folded = fold(text)
    return folded, cut(folded)


def _mark(entity: Dict[str, Any]) -> Tuple[int, int, str]:
    return entity[ENTITY_ATTRIBUTE_START], entity[ENTITY_ATTRIBUTE_END], entity[ENTITY_ATTRIBUTE_TYPE]
