"""Softmax regression over sparse and dense features side by side."""

from typing import Callable, List, Sequence, Tuple

import numpy as np
from scipy.sparse import csr_matrix

ITERATIONS = 80
ENOUGH = 2e-5  # the descent ends when a step lowers the loss by less than this part of it
_MEMORY = 6  # steps from which the curvature is guessed
_HALVINGS = 20  # of one step, before the descent gives up

Loss = Callable[[np.ndarray], Tuple[float, np.ndarray]]
"""The loss at a point and its slope there."""


def fit(
    sparse: csr_matrix, dense: np.ndarray, intents: Sequence[str], strength: float
) -> Tuple[List[str], np.ndarray]:
    """Names of the intents and the weights (sparse rows, dense rows, bias), 32-bit.

    The objective is scikit-learn's; rare intents weigh as much as frequent ones, because examples are
    written, not counted in a shop. The bias isn't held back.
    """
    names, labels, counts = np.unique(intents, return_inverse=True, return_counts=True)
    shape = (sparse.shape[1] + dense.shape[1] + 1, len(names))
    weight = (strength * len(labels) / (len(names) * counts))[labels].astype(np.float32)
    loss = _loss(sparse.astype(np.float32), dense.astype(np.float32), labels, weight, shape)
    found = descend(loss, np.zeros(shape[0] * shape[1], np.float32))
    return names.tolist(), found.reshape(shape)


def _loss(
    sparse: csr_matrix, dense: np.ndarray, labels: np.ndarray, weight: np.ndarray, shape: Tuple[int, int]
) -> Loss:
    columns, rows = sparse.shape[1], np.arange(len(labels))
    turned = sparse.T.tocsr()

    def loss(flat: np.ndarray) -> Tuple[float, np.ndarray]:
        weights = flat.reshape(shape)
        values = sparse @ weights[:columns] + dense @ weights[columns:-1] + weights[-1]
        values -= values.max(axis=1, keepdims=True)
        right = values[rows, labels]
        chances = np.exp(values, out=values)
        total = chances.sum(axis=1)
        wrong = np.divide(chances, total[:, None], out=chances)
        wrong[rows, labels] -= 1
        wrong *= weight[:, None]
        slope = np.vstack([turned @ wrong, dense.T @ wrong, wrong.sum(axis=0)])
        slope[:-1] += weights[:-1]
        held = flat[: -shape[1]]
        missed = float(np.dot(weight, np.log(total) - right))
        return missed + 0.5 * float(np.dot(held, held)), slope.ravel()

    return loss


def descend(loss: Loss, point: np.ndarray) -> np.ndarray:
    """Where a convex loss is lowest, by L-BFGS (Nocedal & Wright, algorithm 7.4).

    SciPy's serves bounds that we don't have, in double precision: with a million weights it takes four
    times as long as the loss itself.
    """
    steps: List[Tuple[np.ndarray, np.ndarray, float]] = []  # move, change of the slope, 1 / their product
    value, slope = loss(point)
    for _ in range(ITERATIONS):
        direction = -_curved(slope, steps)
        fall = float(np.dot(slope, direction))
        size = 1.0
        for _ in range(_HALVINGS):
            new_point = point + np.float32(size) * direction
            new_value, new_slope = loss(new_point)
            if new_value <= value + 1e-4 * size * fall:
                break
            size /= 2
        else:
            return point
        move, change = new_point - point, new_slope - slope
        bend = float(np.dot(move, change))
        if bend > 0:
            steps = [*steps, (move, change, 1 / bend)][-_MEMORY:]
        gained = value - new_value
        point, value, slope = new_point, new_value, new_slope
        if gained <= ENOUGH * value:
            break
    return point


def _curved(slope: np.ndarray, steps: Sequence[Tuple[np.ndarray, np.ndarray, float]]) -> np.ndarray:
    """The slope times the inverse of the curvature that the last steps showed."""
    if not steps:
        return slope / max(float(np.linalg.norm(slope)), 1e-12)
    found, parts = slope.copy(), []
    for move, change, inverse in reversed(steps):
        part = np.float32(inverse * float(np.dot(move, found)))
        found -= part * change
        parts.append(part)
    _, change, inverse = steps[-1]
    found /= np.float32(inverse * float(np.dot(change, change)))
    for (move, change, inverse), part in zip(steps, reversed(parts)):
        found += (part - np.float32(inverse * float(np.dot(change, found)))) * move
    return found
