"""Reads preferences out of messages, by the words of the shop pack."""

import json
from typing import Any, Dict, List, Optional

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.extractors.extractor import EntityExtractorMixin
from rasa.shared.nlu.constants import ENTITIES, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.reading import Reading
from bot.wish import entity

TABLES = "tables.json"


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR, is_trainable=True)
class PreferenceExtractor(GraphComponent, EntityExtractorMixin):
    """Entities with topic, value, polarity and the words they were read from."""

    def __init__(
        self, model_storage: ModelStorage, resource: Resource, tables: Optional[Dict[str, List[str]]]
    ) -> None:
        self._storage = model_storage
        self._resource = resource
        self._reading = Reading(tables or {})

    @classmethod
    def create(
        cls,
        config: Dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> "PreferenceExtractor":
        return cls(model_storage, resource, None)

    @classmethod
    def load(
        cls,
        config: Dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> "PreferenceExtractor":
        with model_storage.read_from(resource) as folder:
            return cls(model_storage, resource, json.loads((folder / TABLES).read_text(encoding="utf-8")))

    def train(self, training_data: TrainingData) -> Resource:
        """Keep the lookup tables with the model."""
        tables: Dict[str, List[str]] = {}
        for table in training_data.lookup_tables:
            tables.setdefault(table["name"], []).extend(table["elements"])
        self._reading = Reading(tables)
        with self._storage.write_to(self._resource) as folder:
            (folder / TABLES).write_text(json.dumps(tables, ensure_ascii=False), encoding="utf-8")
        return self._resource

    def process(self, messages: List[Message]) -> List[Message]:
        for message in messages:
            read = self._reading.read(message.get(TEXT) or "")
            entities = [{**entity(wish), "extractor": self.name} for wish in read]
            message.set(ENTITIES, message.get(ENTITIES, []) + entities, add_to_output=True)
        return messages

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        return training_data
