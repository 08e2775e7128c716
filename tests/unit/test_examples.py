"""Training data made of hand-written sentences and the words of a pack."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
import yaml

from cli.examples import lookups, sentences, write_training_data
from cli.training import fingerprint
from one_to_one.pack.talk_files import INTENTS
from one_to_one.shop import ShopPack, TopicKind
from settings import ROOT
from tests.unit.packs import bakery

HAND_WRITTEN = ROOT / "data" / "nlu"
PLACES = ("{value}", "{product}")


@pytest.fixture
def pack(tmp_path: Path) -> ShopPack:
    return replace(bakery(), folder=tmp_path)


def write(path: Path, **blocks: str) -> None:
    kind = "lookup" if path.stem == "lookups" else "intent"
    nlu = [{kind: name, "examples": lines} for name, lines in blocks.items()]
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(yaml.safe_dump({"version": "3.1", "nlu": nlu}), encoding="utf-8")


def test_places_are_filled_with_the_words_of_the_pack(pack: ShopPack, tmp_path: Path) -> None:
    write(tmp_path / "hand" / "en" / "talk.yml", inform="- i like {value}\n- hello\n")
    [*made] = sentences(pack, tmp_path / "hand")["inform"]
    words = {
        word
        for topic in pack.topics.values()
        for value in topic.values.values()
        for word in value.words.get("en", ())
    }
    assert "hello" in made
    assert {line.removeprefix("i like ") for line in made if line != "hello"} <= (words or {"…"})


def test_no_place_is_left_in_the_real_data(pack: ShopPack) -> None:
    made = [line for lines in sentences(pack, HAND_WRITTEN).values() for line in lines]
    assert len(made) > 2000
    assert not [line for line in made if any(place in line for place in PLACES)]


def test_no_sentence_has_two_intents(pack: ShopPack) -> None:
    made = [line for lines in sentences(pack, HAND_WRITTEN).values() for line in lines]
    assert len(made) == len(set(made))


def test_the_same_pack_gives_the_same_sentences(pack: ShopPack) -> None:
    assert sentences(pack, HAND_WRITTEN) == sentences(pack, HAND_WRITTEN)


def test_a_pack_adds_sentences_of_its_own(pack: ShopPack, tmp_path: Path) -> None:
    write(tmp_path / "nlu" / "en.yml", praise="- what a crust\n")
    assert "what a crust" in sentences(pack, HAND_WRITTEN)["praise"]


@pytest.mark.parametrize("folder", ["zh", "en"])
def test_every_intent_has_forty_sentences_in_each_language(folder: str) -> None:
    counted: dict[str, int] = {}
    for path in (HAND_WRITTEN / folder).glob("*.yml"):
        for block in yaml.safe_load(path.read_text(encoding="utf-8")).get("nlu", ()):
            if "intent" in block:
                counted[block["intent"]] = len(block["examples"].splitlines())
    domain = yaml.safe_load((ROOT / "bot" / "domain.yml").read_text(encoding="utf-8"))
    typed = {name for intent in domain["intents"] for name in intent if not name.startswith("tap_")}
    assert set(counted) == typed - {"nlu_fallback"} == INTENTS
    assert {name: count for name, count in counted.items() if count < 40} == {}


def test_every_intent_has_a_rule_and_an_action() -> None:
    domain = yaml.safe_load((ROOT / "bot" / "domain.yml").read_text(encoding="utf-8"))
    rules = yaml.safe_load((ROOT / "data" / "rules" / "rules.yml").read_text(encoding="utf-8"))["rules"]
    ruled = {rule["steps"][0]["intent"]: rule["steps"][1]["action"] for rule in rules}
    intents = [name for intent in domain["intents"] for name in intent]
    assert ruled == {name: f"action_{name}" for name in intents}
    assert domain["actions"] == list(ruled.values())


def test_hand_written_data_has_no_words_of_a_shop() -> None:
    words = ("咖啡", "豆子", "烘", "焙", "coffee", "roast", "bean")
    files = [path for path in HAND_WRITTEN.glob("*/*.yml") if path.stem != "answers"]
    found = {path.name: word for path in files for word in words if word in path.read_text(encoding="utf-8")}
    assert found == {}


def test_tables_hold_the_words_of_values_and_the_topics_that_need_care(pack: ShopPack) -> None:
    tables = lookups(pack, HAND_WRITTEN)
    for topic in pack.topics.values():
        for code, value in topic.values.items():
            said = [word for words in value.words.values() for word in words]
            assert set(said) <= set(tables.get(f"{topic.name}={code}", ()))
    assert tables.get("#sensitive", []) == [topic.name for topic in pack.topics.values() if topic.sensitive]
    money = [topic.name for topic in pack.topics.values() if topic.kind is TopicKind.MONEY]
    assert tables.get("#money", []) == money


def test_the_fingerprint_changes_with_the_words_of_the_pack(pack: ShopPack, tmp_path: Path) -> None:
    write_training_data(pack, HAND_WRITTEN, tmp_path / "one")
    write_training_data(pack, HAND_WRITTEN, tmp_path / "same")
    fewer = replace(pack, topics=dict(list(pack.topics.items())[1:]))
    write_training_data(fewer, HAND_WRITTEN, tmp_path / "other")
    one, same, other = (fingerprint(tmp_path / name) for name in ("one", "same", "other"))
    assert one == same != other
