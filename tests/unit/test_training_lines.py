"""From corrections to lines of training data: what they say, where they go, and how the bot reads them."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import yaml

from cli.corrections import write_taught
from cli.examples import lookups, sentences
from one_to_one.shop import ShopPack
from one_to_one.teaching.comparing import Case, Comparison, Reading
from one_to_one.teaching.examples import (
    Correction,
    Line,
    is_of_trade,
    lines_of,
    plain,
    taught,
    unmarked,
)
from one_to_one.teaching.inserting import with_line, without_line
from one_to_one.teaching.journeys import Turn, journey_of
from one_to_one.teaching.judging import Judgement, Verdict, settle
from tests.unit.packs import bakery

TEXT = "not the rye one, call me on 0912345678"
RYE = {"entity": "grain", "value": "rye", "polarity": "likes", "start": 8, "end": 11}
NO_RYE = RYE | {"polarity": "dislikes"}
NUMBER = "0912345678"

FILE = """\
# Written by people.
version: "3.1"

nlu:
  - intent: propose # what to buy
    examples: |
      - what do you have for me

  - lookup: "#idle"
    examples: |
      - hard work
  - intent: thanks
    examples: |
      - cheers
"""


@pytest.fixture
def pack(tmp_path: Path) -> ShopPack:
    return replace(bakery(), folder=tmp_path / "pack")


def correction(verdict: Verdict, text: str = TEXT, facts: tuple[dict[str, Any], ...] = (RYE,)) -> Correction:
    return Correction(text, "inform", facts, verdict)


def test_what_was_read_right_teaches_nothing() -> None:
    assert list(lines_of(correction(Verdict("inform", (RYE,))))) == []


def test_what_is_contested_teaches_nothing() -> None:
    differ = settle([Judgement("An", "propose", (RYE,)), Judgement("Bo", "deny", (RYE,))])
    assert list(lines_of(correction(differ))) == []


def test_a_corrected_intent_is_an_example_without_personal_data() -> None:
    [line] = lines_of(correction(Verdict("human", (RYE,))))
    assert (line.folder, line.kind, line.name) == ("en", "intent", "human")
    assert line.text.startswith("not the rye one, call me on 09")
    assert NUMBER not in line.text


def test_what_nobody_can_understand_makes_no_example() -> None:
    assert list(lines_of(correction(Verdict("nlu_fallback", (RYE,))))) == []


def test_corrected_facts_are_marked_in_the_sentence() -> None:
    [line] = lines_of(correction(Verdict("inform", (NO_RYE,))))
    assert '[rye]{"entity": "grain", "value": "rye", "role": "dislikes"}' in line.text
    told = taught(line.text)
    assert told is not None
    assert told["text"] == unmarked(line.text)
    [fact] = told["facts"]
    assert (fact["topic"], fact["value"], fact["polarity"], fact["words"]) == (
        "grain",
        "rye",
        "dislikes",
        "rye",
    )


def test_a_sentence_in_which_nothing_is_meant_says_so() -> None:
    [line, idle] = lines_of(correction(Verdict("inform", (), idle=("rye one",))))
    assert '[rye]{"entity": "nothing"}' in line.text
    assert taught(line.text) == {"text": unmarked(line.text), "facts": []}
    assert idle == Line("en", "lookup", "#idle", "rye one")


def test_several_facts_of_the_same_words_share_a_mark() -> None:
    soft = {**RYE, "entity": "crust", "value": "soft", "about": "other", "who": "mother", "lasting": False}
    [line] = lines_of(correction(Verdict("inform", (NO_RYE, soft))))
    told = taught(line.text)
    assert told is not None
    assert [(each["topic"], each["polarity"]) for each in told["facts"]] == [
        ("grain", "dislikes"),
        ("crust", "likes"),
    ]
    theirs = told["facts"][1]
    assert (theirs["other"], theirs["who"], theirs["lasting"]) == (True, "mother", False)


def test_words_that_always_mean_it_become_a_lookup() -> None:
    lines = list(lines_of(correction(Verdict("inform", ({**NO_RYE, "start": 4, "end": 15, "teach": True},)))))
    assert Line("en", "lookup", "grain=rye", "the rye one") in lines


def test_chinese_goes_to_the_chinese_files() -> None:
    [line] = lines_of(Correction("請問有嗎", "greet", (), Verdict("catalogue", ())))
    assert line.folder == "zh"


@pytest.mark.parametrize(
    "hostile",
    [
        "[x](y) {value}",
        "a\nb\tc",
        "- - x",
        "/restart",
        "\u202eabc\u202c",
        '[a]{"entity": "x"}',
        "`${x}`",
        "\x00x",
    ],
)
def test_hostile_words_are_one_harmless_line(hostile: str) -> None:
    made = plain(hostile)
    assert not set(made) & set("[]{}\n\t\x00\u202e\u202c")
    assert not made.startswith(("-", "/"))
    content = with_line("", "intent", "propose", made)
    [block] = yaml.safe_load(content)["nlu"]
    assert block["examples"] == f"- {made}\n"


def test_a_line_goes_to_the_end_of_its_block_and_the_rest_stays() -> None:
    made = with_line(FILE, "intent", "propose", "anything good today")
    added = set(made.splitlines()) - set(FILE.splitlines())
    assert added == {"      - anything good today"}
    assert [line for line in made.splitlines() if line not in added] == FILE.splitlines()
    assert yaml.safe_load(made)["nlu"][0]["examples"].splitlines()[-1] == "- anything good today"
    assert with_line(made, "intent", "propose", "anything good today") == made


def test_a_lookup_is_found_by_its_quoted_name_and_a_new_block_is_written_last() -> None:
    made = with_line(FILE, "lookup", "#idle", "sour grapes")
    assert yaml.safe_load(made)["nlu"][1]["examples"] == "- hard work\n- sour grapes\n"
    made = with_line(FILE, "lookup", "grain=rye", "pumper")
    assert yaml.safe_load(made)["nlu"][-1] == {"lookup": "grain=rye", "examples": "- pumper\n"}


def test_a_sentence_leaves_the_intent_it_was_wrongly_listed_under() -> None:
    assert yaml.safe_load(without_line(FILE, "cheers", "goodbye"))["nlu"][-1] == {
        "intent": "thanks",
        "examples": "",
    }
    assert without_line(FILE, "cheers", "thanks") == FILE
    assert without_line(FILE, "hard work", "thanks") == FILE


def test_the_shops_own_words_keep_a_line_with_the_shop(pack: ShopPack) -> None:
    assert is_of_trade(Line("en", "intent", "propose", "any rye today"), pack)
    assert not is_of_trade(Line("en", "intent", "propose", "any trying today"), pack)
    assert is_of_trade(Line("en", "lookup", "grain=rye", "pumper"), pack)


def test_what_was_taught_is_trained_on_and_its_facts_are_a_table(pack: ShopPack, tmp_path: Path) -> None:
    lines = list(lines_of(correction(Verdict("human", (NO_RYE,), idle=("call me",)))))
    write_taught(lines, tmp_path / "taught")
    made = sentences(pack, tmp_path / "none", tmp_path / "taught")
    [sentence] = made["human"]
    assert sentence == unmarked(lines[0].text)
    tables = lookups(pack, tmp_path / "none", tmp_path / "taught")
    assert tables["#idle"] == ["call me"]
    [told] = tables["#taught"]
    assert json.loads(told)["text"] == sentence
    write_taught([], tmp_path / "taught")
    assert "#taught" not in lookups(pack, tmp_path / "none", tmp_path / "taught")


def test_a_taught_intent_counts_more_than_that_of_the_data(pack: ShopPack, tmp_path: Path) -> None:
    hand = tmp_path / "hand" / "en" / "talk.yml"
    hand.parent.mkdir(parents=True)
    hand.write_text(FILE, encoding="utf-8")
    write_taught([Line("en", "intent", "goodbye", "cheers")], tmp_path / "taught")
    made = sentences(pack, tmp_path / "hand", tmp_path / "taught")
    assert made["goodbye"] == ["cheers"]
    assert made["thanks"] == []


def test_a_conversation_is_kept_without_personal_data_and_with_what_is_right() -> None:
    turns = [
        Turn(TEXT, False, Verdict("inform", (NO_RYE,), reply="No rye, Rosalinde.")),
        Turn("Show me three", True),
        Turn("thanks", False),
    ]
    kept = journey_of("bakery", "en", turns, ["Rosalinde"], ())
    first, second, third = kept["turns"]
    assert NUMBER not in first["says"]
    assert (first["intent"], first["facts"]) == ("inform", ["grain=rye dislikes"])
    assert "Rosalinde" not in first["should_say"]
    assert (second, third) == ({"taps": "Show me three"}, {"says": "thanks"})


RIGHT = Reading("inform", ("grain=rye likes",))
WRONG = Reading("deny", ())


def case(old: Reading, new: Reading, conversation: int = 1, message: int = 1) -> Case:
    return Case(conversation, message, "en", RIGHT, old, new)


def test_one_message_that_gets_worse_spoils_its_conversation_whatever_else_gets_better() -> None:
    found = Comparison([case(WRONG, RIGHT, 1, 1), case(RIGHT, WRONG, 1, 2), case(RIGHT, RIGHT, 2, 3)])
    assert [each.message for each in found.worse] == [2]
    assert found.conversations_worse == [1]
    assert [each.message for each in found.better] == [1]


def test_another_wrong_reading_is_no_loss() -> None:
    other = Reading("thanks", ("grain=rye never",))
    found = Comparison([case(WRONG, other)])
    assert (found.better, found.worse) == ([], [])


def test_the_figures_count_intents_and_facts_by_language() -> None:
    half = Reading("inform", ())
    found = Comparison([case(WRONG, half), replace(case(RIGHT, RIGHT), language="zh-Hant")])
    rows = {(row.what, row.language): (row.of, row.old, row.new) for row in found.rows()}
    assert rows["intent", None] == (2, 1, 2)
    assert rows["facts", None] == (2, 1, 1)
    assert rows["intent", "en"] == (1, 0, 1)
