"""Which intent a sentence has: logistic regression over all its features, in plain numpy when it runs."""

import json
from typing import Any, Dict, FrozenSet, List, Tuple
from unicodedata import category

import numpy as np
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.classifiers.classifier import IntentClassifier
from rasa.shared.nlu.constants import INTENT, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData
from scipy.sparse import csr_matrix, vstack

from bot.featurizer import FAMILIARITY
from bot.regression import fit
from one_to_one.folding import fold

WEIGHTS, NAMES, CHARACTERS = "weights.npy", "intents.json", "characters.txt"


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class RegressionClassifier(IntentClassifier, GraphComponent):
    """Rasa's LogisticRegressionClassifier in small: it loads at once, without skops and scikit-learn."""

    def __init__(self, config: Dict[str, Any], model_storage: ModelStorage, resource: Resource) -> None:
        self._config = config
        self._model_storage = model_storage
        self._resource = resource
        self._names: List[str] = []
        self._characters: FrozenSet[str] = frozenset()  # that some training sentence has
        self._weights = np.zeros((1, 0), np.float32)  # features + 1 (the bias) by intents

    @staticmethod
    def get_default_config() -> Dict[str, Any]:
        """How chances come about.

        `strength`: how little weights are held back (C). `sharpness`: what values are multiplied by before
        they become chances, so that chances are right. `familiar`: the familiarity of a message from which
        they count in full. `ranking_length`: intents named in the result.
        """
        return {"familiar": 0.4, "strength": 1.0, "sharpness": 1.0, "ranking_length": 3}

    @classmethod
    def create(
        cls,
        config: Dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> "RegressionClassifier":
        return cls(config, model_storage, resource)

    @classmethod
    def load(
        cls,
        config: Dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> "RegressionClassifier":
        classifier = cls(config, model_storage, resource)
        with model_storage.read_from(resource) as folder:
            classifier._names = json.loads((folder / NAMES).read_text(encoding="utf-8"))
            classifier._characters = frozenset((folder / CHARACTERS).read_text(encoding="utf-8"))
            classifier._weights = np.load(folder / WEIGHTS)
        return classifier

    def train(self, training_data: TrainingData) -> Resource:
        """Fit the weights and keep them with the model."""
        examples = [example for example in training_data.intent_examples if example.get(TEXT)]
        parts = [_parts(example) for example in examples]
        sparse, dense = vstack([part[0] for part in parts]).tocsr(), np.vstack([part[1] for part in parts])
        intents = [example.get(INTENT) for example in examples]
        self._names, self._weights = fit(sparse, dense, intents, self._config["strength"])
        self._characters = meaningful("".join(example.get(TEXT) for example in examples))
        with self._model_storage.write_to(self._resource) as folder:
            (folder / CHARACTERS).write_text("".join(sorted(self._characters)), encoding="utf-8")
            (folder / NAMES).write_text(json.dumps(self._names), encoding="utf-8")
            np.save(folder / WEIGHTS, self._weights)
        return self._resource

    def process(self, messages: List[Message]) -> List[Message]:
        for message in messages:
            ranking = self._rank(message)
            message.set("intent", ranking[0], add_to_output=True)
            message.set("intent_ranking", ranking, add_to_output=True)
        return messages

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        return training_data

    def _rank(self, message: Message) -> List[Dict[str, Any]]:
        chances = softmax(scores(message, self._weights) * self._config["sharpness"])
        best = np.argsort(chances)[::-1][: self._config["ranking_length"]]
        trust = self._trust(message)
        return [{"name": self._names[place], "confidence": trust * float(chances[place])} for place in best]

    def _trust(self, message: Message) -> float:
        """How much of the chances to believe: none where no sign was ever seen, all where enough was."""
        if self._characters.isdisjoint(meaningful(message.get(TEXT))):
            return 0.0
        return min(1.0, message.get(FAMILIARITY, 1.0) / self._config["familiar"])


def meaningful(text: str) -> FrozenSet[str]:
    """The letters, digits and symbols of a text, folded; without punctuation, spaces and invisible signs."""
    return frozenset(sign for sign in fold(text) if category(sign)[0] in "LNS" and sign != "\ufffd")


def scores(message: Message, weights: np.ndarray) -> np.ndarray:
    """One number per intent; the rows of `weights` are the sparse columns, the dense ones, and the bias."""
    sparse, dense = _parts(message)
    columns = sparse.shape[1]
    found = sparse.data @ weights[sparse.indices]
    return found + dense[0] @ weights[columns:-1] + weights[-1]


def softmax(values: np.ndarray) -> np.ndarray:
    """Values as chances that add up to 1."""
    powers = np.exp(values - values.max())
    return powers / powers.sum()


def _parts(message: Message) -> Tuple[csr_matrix, np.ndarray]:
    return message.get_sparse_features(TEXT)[1].features, message.get_dense_features(TEXT)[1].features
