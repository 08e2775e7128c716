"""The features of how a sentence is spelt, the regression over them, and the kernel it runs on."""

from __future__ import annotations

import time
from pathlib import Path

import numpy as np
import pytest
from scipy.sparse import csr_matrix

from bot.cores import kernel_for
from bot.regression import descend, fit
from bot.spelling import (
    CUTTINGS,
    characters,
    familiarity,
    joined_row,
    learn_block,
    read_blocks,
    words,
    write_blocks,
)

TEXTS = ["dark roast please", "dark please", "light roast please", "深焙 please"]


def test_runs_of_characters_stay_within_words() -> None:
    assert set(characters("a bc")) == {
        "a",
        " ",
        " a",
        "a ",
        " a ",
        "b",
        "c",
        " b",
        "bc",
        "c ",
        " bc",
        "bc ",
        " bc ",
    }


def test_the_ends_of_a_text_are_words_too() -> None:
    assert list(words("深 dark")) == ["", "深", "dark", "", " 深", "深 dark", "dark "]


def test_what_only_one_sentence_has_is_not_learned() -> None:
    block = learn_block("words", TEXTS, rare=2)
    assert "dark" in block.places
    assert "深" not in block.places


def test_rare_words_weigh_more() -> None:
    block = learn_block("words", TEXTS, rare=1)
    assert block.rarity[block.places["深"]] > block.rarity[block.places["please"]]


def test_each_kind_of_runs_has_the_same_length() -> None:
    blocks = [learn_block(cutting, TEXTS, rare=1) for cutting in CUTTINGS]
    row = joined_row(blocks, "dark roast", 4.0).toarray()[0]
    assert np.linalg.norm(row[: len(blocks[0].rarity)]) == pytest.approx(4.0, rel=1e-5)
    assert np.linalg.norm(row[len(blocks[0].rarity) :]) == pytest.approx(4.0, rel=1e-5)


def test_words_never_seen_have_no_features() -> None:
    block = learn_block("characters", TEXTS, rare=1)
    assert joined_row([block], "qqq", 4.0).toarray()[0, 1:].sum() == 0  # all but the space around words


def test_what_was_never_seen_is_not_familiar() -> None:
    blocks = [learn_block(cutting, TEXTS * 2, rare=2) for cutting in CUTTINGS]
    assert familiarity(blocks, "dark roast please") == 1.0
    assert 0.4 < familiarity(blocks, "darkk") < 1.0  # by its characters
    assert familiarity(blocks, "bonjour") < 0.2
    assert familiarity(blocks, "咖啡館") == 0.0
    assert familiarity(blocks, "") == 0.0


def test_blocks_are_read_as_they_were_written(tmp_path: Path) -> None:
    blocks = [learn_block(cutting, TEXTS, rare=1) for cutting in CUTTINGS]
    write_blocks(tmp_path, blocks)
    kept = read_blocks(tmp_path)
    assert [block.places for block in kept] == [block.places for block in blocks]
    assert (joined_row(kept, "dark", 1.0) != joined_row(blocks, "dark", 1.0)).nnz == 0


def test_an_endless_word_takes_no_longer_than_its_beginning() -> None:
    blocks = [learn_block(cutting, TEXTS, rare=1) for cutting in CUTTINGS]
    assert (joined_row(blocks, "a" * 10_000_000, 4.0) != joined_row(blocks, "a" * 500, 4.0)).nnz == 0
    began = time.process_time()
    joined_row(blocks, "a" * 10_000_000, 4.0)
    assert time.process_time() - began < 0.5  # a second and more when all of it is cut


def test_the_descent_finds_the_lowest_point() -> None:
    bend = np.array([1.0, 30.0, 0.2], np.float32)
    target = np.array([3.0, -2.0, 7.0], np.float32)

    def loss(point: np.ndarray) -> tuple[float, np.ndarray]:
        away = point - target
        return 1.0 + float((bend * away * away).sum()), 2 * bend * away

    assert descend(loss, np.zeros(3, np.float32)) == pytest.approx(target, abs=0.02)


def test_the_descent_stays_where_nothing_is_gained() -> None:
    still = np.array([1.0, 2.0], np.float32)
    assert (descend(lambda point: (5.0, np.zeros_like(point)), still) == still).all()


def test_the_regression_tells_intents_apart_by_both_kinds_of_features() -> None:
    sparse = csr_matrix(np.array([[4, 0], [4, 0], [0, 0], [0, 0], [0, 4]], np.float32))
    dense = np.array([[0.0], [0.0], [4.0], [4.0], [0.0]], np.float32)
    names, weights = fit(sparse, dense, ["b", "b", "a", "a", "c"], strength=1.0)
    assert names == ["a", "b", "c"]
    found = (sparse @ weights[:2] + dense @ weights[2:3] + weights[3]).argmax(axis=1)
    assert [names[place] for place in found] == ["b", "b", "a", "a", "c"]


def test_a_rare_intent_weighs_as_much_as_a_frequent_one() -> None:
    nothing = np.zeros((10, 1), np.float32)
    _, weights = fit(csr_matrix(nothing), nothing, ["often"] * 9 + ["seldom"], strength=1.0)
    assert weights[-1, 0] == pytest.approx(weights[-1, 1], abs=1e-3)


@pytest.mark.parametrize(
    ("features", "kernel"),
    [
        ({"sse3", "avx2", "fma", "avx512f", "avx512cd", "avx512bw", "avx512dq", "avx512vl"}, "SkylakeX"),
        ({"sse3", "avx2", "fma", "avx512f"}, "Haswell"),
        ({"sse3", "avx2"}, None),
        (set(), None),
    ],
)
def test_the_fastest_kernel_that_the_processor_can_run_is_named(
    features: set[str], kernel: str | None
) -> None:
    assert kernel_for(features) == kernel
