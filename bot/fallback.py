"""What to do when no intent is sure: believe the facts that were read, or say that nothing was understood."""

from typing import Any, Dict, List

from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.nlu.classifiers.fallback_classifier import FallbackClassifier
from rasa.shared.nlu.constants import ENTITIES, INTENT, INTENT_NAME_KEY
from rasa.shared.nlu.training_data.message import Message

from bot.turn import FALLBACK

FIRM = 0.75
"""The confidence from which a fact was stated, and not just asked for."""


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=False)
class FactsOrFallback(FallbackClassifier):
    """Rasa's fallback, except that a sentence with a stated fact in it informs."""

    @staticmethod
    def get_default_config() -> Dict[str, Any]:
        return {**FallbackClassifier.get_default_config(), "facts_intent": "inform"}

    def process(self, messages: List[Message]) -> List[Message]:
        for message in super().process(messages):
            name = message.get(INTENT)[INTENT_NAME_KEY]
            if name == FALLBACK and any(_is_firm(entity) for entity in message.get(ENTITIES, ())):
                intent = {**message.get(INTENT), INTENT_NAME_KEY: self.component_config["facts_intent"]}
                message.set(INTENT, intent, add_to_output=True)
        return messages


def _is_firm(entity: Dict[str, Any]) -> bool:
    return entity.get("confidence_entity", 0.0) >= FIRM
