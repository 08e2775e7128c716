"""Reads preferences out of messages, by the words of the shop pack."""

import json
from typing import Any, Dict, Iterable, List, Optional

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.extractors.extractor import EntityExtractorMixin
from rasa.shared.nlu.constants import ENTITIES, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.amounts import read_amounts, read_names
from bot.phrases import Phrases
from bot.stance import Wish, read_wishes
from one_to_one.folding import fold

TABLES = "tables.json"
LISTS = ("#sensitive", "#money", "#called")
"""Tables of topic names instead of words: topics that need consent, amounts of money, the speaker's name."""


class Reading:
    """What can be read from a message with a set of lookup tables."""

    def __init__(self, tables: Dict[str, List[str]]) -> None:
        self._lists = {name: tables.get(name, []) for name in LISTS}
        words = {name: list(entries) for name, entries in tables.items() if name not in LISTS}
        words["#ill"] = self._words_of_illness(words)
        words.setdefault("#budget", []).extend(
            _containing(words.get("#currency", ()), words.get("#budget", ()))
        )
        self._phrases = Phrases(words)

    def _words_of_illness(self, tables: Dict[str, List[str]]) -> List[str]:
        """Words of sensitive values that say themselves that something is avoided ("lactose intolerant")."""
        sensitive = tuple(topic + "=" for topic in self._lists["#sensitive"])
        words = [word for name in tables if sensitive and name.startswith(sensitive) for word in tables[name]]
        return _containing(words, tables.get("#allergy", []) + tables.get("#free", []))

    def read(self, text: str) -> List[Wish]:
        """All tastes, amounts and names that are stated, in order; of one value the last word counts."""
        folded = fold(text)
        found = self._phrases.find(folded)
        wishes = [
            *read_wishes(folded, found, self._lists["#sensitive"]),
            *read_amounts(folded, found, self._lists["#money"]),
            *read_names(text, folded, found, self._lists["#called"]),
        ]
        latest = {(wish.topic, wish.value, wish.other): wish for wish in wishes}
        return sorted(latest.values(), key=lambda wish: (wish.start, wish.topic))


def _containing(words: Iterable[str], parts: Iterable[str]) -> List[str]:
    """The words that have one of the parts in them."""
    inside = Phrases({"part": list(parts)})
    return [word for word in words if inside.find(fold(word))]


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
            entities = [self._entity(wish) for wish in self._reading.read(message.get(TEXT) or "")]
            message.set(ENTITIES, message.get(ENTITIES, []) + entities, add_to_output=True)
        return messages

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        return training_data

    def _entity(self, wish: Wish) -> Dict[str, Any]:
        return {
            "entity": wish.topic,
            "value": wish.value,
            "start": wish.start,
            "end": wish.end,
            "polarity": wish.polarity,
            "confidence_entity": wish.confidence,
            "extractor": self.name,
            **({"about": "other"} if wish.other else {}),
        }
