"""Reading and checking shop packs: every kind of mistake is found where it is."""

from __future__ import annotations

from datetime import time, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from one_to_one.errors import BadPack, UnknownShop
from one_to_one.facts import Polarity
from one_to_one.language import Language
from one_to_one.pack import Problem, check_pack, read_pack
from one_to_one.replies import PAYLOAD_BYTES
from one_to_one.shop import TopicKind
from tests.unit.example_pack import ExamplePack, example_pack
from tests.unit.pack_slips import CATALOGUE, SHOP, SLIPS, TOPICS


@pytest.fixture
def example(tmp_path: Path) -> ExamplePack:
    return example_pack(tmp_path)


def only(problems: list[Problem]) -> Problem:
    """The one problem there is."""
    assert len(problems) == 1, "\n".join(map(str, problems))
    return problems[0]


def test_the_example_of_the_docs_is_a_whole_pack(example: ExamplePack) -> None:
    assert example.problems == []


def test_what_the_files_say_is_what_is_read(example: ExamplePack) -> None:
    pack = read_pack(example.folder)
    crust, rye = pack.topics["crust"], pack.products["rye"]
    assert pack.shop.languages == (Language.TRADITIONAL, Language.ENGLISH)
    assert (pack.shop.quiet_from, pack.shop.quiet_until) == (time(21), time(9))
    assert pack.shop.tiers["A"] == Decimal(5000)
    assert (crust.kind, crust.half_life, crust.answer) == (
        TopicKind.CHOICE,
        timedelta(days=730),
        Polarity.LIKES,
    )
    assert crust.values["soft"].words == {"zh": ("軟皮", "鬆軟"), "en": ("soft", "softer", "fluffy")}
    assert pack.topics["guests"].units["en"] == ("people", "persons")
    assert (rye.price, rye.cost, rye.attributes) == (Decimal(160), Decimal(60), {"crust": ("crackling",)})
    assert pack.modules["cut"].options["sliced"].price == Decimal(5)
    assert pack.modules["cut"].options["sliced"].label == pack.topics["cut"].values["sliced"].label


def test_topics_and_products_keep_the_order_of_the_file(example: ExamplePack) -> None:
    pack = read_pack(example.folder)
    assert list(pack.topics) == ["crust", "cut", "guests"]
    assert list(pack.products) == ["rye", "milk_bread"]


@pytest.mark.parametrize(("file", "old", "new", "said"), [s[1:] for s in SLIPS], ids=[s[0] for s in SLIPS])
def test_a_slip_is_found_with_its_line(
    example: ExamplePack, file: str, old: str, new: str, said: str
) -> None:
    line = example.change(file, old, new)
    found = [problem for problem in example.problems if said in problem.text]
    assert [(problem.file, abs(problem.line - line) <= 1) for problem in found] == [(file, True)]


@pytest.mark.parametrize(
    ("file", "old", "new"),
    [
        (CATALOGUE, "price: 160", "price: 59"),
        (CATALOGUE, "{crust: soft}", "{crust: sfot}"),
        (TOPICS, "[soft, softer, fluffy]", "[soft, '', fluffy]"),
        (SHOP, "currency: TWD", "currency: TWX"),
        (TOPICS, "half_life: 6 months", "half_life: ages"),
    ],
)
def test_a_slip_is_told_once_and_on_its_very_line(
    example: ExamplePack, file: str, old: str, new: str
) -> None:
    line = example.change(file, old, new)
    problem = only(example.problems)
    assert (problem.file, problem.line) == (file, line)


@pytest.mark.parametrize(
    "key", ["name", "hours", "languages", "currency", "quiet_hours", "time_zone", "remedies"]
)
def test_a_missing_key_of_the_shop_is_named(example: ExamplePack, key: str) -> None:
    kept = [line for line in example.text(SHOP).splitlines() if not line.startswith(key + ":")]
    example.write(SHOP, "\n".join(kept))
    assert Problem(SHOP, 1, f"`{key}` is missing in shop.yml.") in example.problems


@pytest.mark.parametrize("key", ["name", "note", "attributes", "price", "cost", "stock", "lead_days"])
def test_a_missing_key_of_a_product_is_named_at_the_product(example: ExamplePack, key: str) -> None:
    lines = example.text(CATALOGUE).splitlines()
    product = lines.index("  rye:")
    gone = next(n for n, line in enumerate(lines) if n > product and line.strip().startswith(key + ":"))
    example.write(CATALOGUE, "\n".join(lines[:gone] + lines[gone + 1 :]))
    assert only(example.problems) == Problem(
        CATALOGUE, product + 1, f"`{key}` is missing in `rye` of `products`."
    )


@pytest.mark.parametrize("file", [SHOP, TOPICS, CATALOGUE])
def test_a_missing_file_is_named(example: ExamplePack, file: str) -> None:
    (example.folder / file).unlink()
    assert Problem(file, 1, f"{file} is missing; every pack has one.") in example.problems


@pytest.mark.parametrize("file", [SHOP, TOPICS, CATALOGUE])
def test_an_empty_file_is_named(example: ExamplePack, file: str) -> None:
    example.write(file, "# nothing yet\n")
    assert Problem(file, 1, f"{file} is empty.") in example.problems


def test_bytes_that_are_no_utf_8_are_found_with_their_line(example: ExamplePack) -> None:
    content = example.text(SHOP).replace("currency: TWD", "currency: TWD # 台幣")
    line = content.split("台幣")[0].count("\n") + 1
    (example.folder / SHOP).write_bytes(content.split("台幣")[0].encode() + "台幣\n".encode("big5"))
    assert (
        Problem(SHOP, line, "shop.yml isn't UTF-8 here; save it with the encoding UTF-8.") in example.problems
    )


def test_a_byte_order_mark_does_no_harm(example: ExamplePack) -> None:
    (example.folder / SHOP).write_bytes(b"\xef\xbb\xbf" + example.text(SHOP).encode())
    assert example.problems == []


def test_names_with_accents_are_not_taken_for_garbled_text(example: ExamplePack) -> None:
    example.change(SHOP, "You pick it up.", "Café São Gonçalo – naïve façade “l’été” Nariño")
    assert example.problems == []


def test_a_folder_in_place_of_a_file_is_named(example: ExamplePack) -> None:
    (example.folder / SHOP).unlink()
    (example.folder / SHOP).mkdir()
    assert Problem(SHOP, 1, "shop.yml is missing; every pack has one.") in example.problems


def test_a_topic_of_choices_needs_two_values(example: ExamplePack) -> None:
    text = example.text(TOPICS)
    start, end = text.index("    crackling:"), text.index("cut:\n")
    example.write(TOPICS, text[:start] + text[end:])
    assert any("needs at least two values" in problem.text for problem in example.problems)


def test_only_what_is_counted_has_units(example: ExamplePack) -> None:
    example.change(TOPICS, "  kind: number", "  kind: text")
    assert only(example.problems).text == "A topic of kind text has no units."


def test_a_time_may_stand_without_quotes(example: ExamplePack) -> None:
    example.change(SHOP, 'from: "21:00"', "from: 21:00")
    assert read_pack(example.folder).shop.quiet_from == time(21)


def test_a_module_needs_two_options(example: ExamplePack) -> None:
    line = example.change(CATALOGUE, "      sliced: {price: 5, cost: 1}\n", "")
    problem = only(example.problems)
    assert problem.text == "The module cut needs at least two options to choose from."
    assert problem.line == line - 2


def test_a_pack_without_products_is_no_pack(example: ExamplePack) -> None:
    text = example.text(CATALOGUE)
    example.write(CATALOGUE, text[: text.index("products:")] + "products: {}\n")
    assert only(example.problems).text.startswith("The shop makes nothing")


def test_a_code_too_long_for_a_button_is_found(example: ExamplePack) -> None:
    code = "s" * PAYLOAD_BYTES
    line = example.change(TOPICS, "    sliced:", f"    {code}:")
    longest = [p for p in example.problems if "bytes a button can carry" in p.text and p.file == TOPICS]
    assert only(longest).line == line


def test_a_code_just_short_enough_for_a_button_is_fine(example: ExamplePack) -> None:
    code = "s" * (PAYLOAD_BYTES - len("option:9999999999:cut:"))
    example.change(TOPICS, "    sliced:", f"    {code}:")
    example.change(CATALOGUE, "      sliced:", f"      {code}:")
    assert example.problems == []


def test_the_notice_of_a_credit_is_a_file_of_the_pack(example: ExamplePack) -> None:
    example.write(
        SHOP, example.text(SHOP) + "credits:\n  - {title: Flour, licence: MIT, notice: FLOUR.txt}\n"
    )
    assert only(example.problems).text == "FLOUR.txt is not a file of this pack."
    example.write("FLOUR.txt", "Permission is hereby granted")
    assert read_pack(example.folder).shop.credits[0].title == "Flour"


def test_while_a_file_cannot_be_read_only_that_is_told_with_what_to_do(example: ExamplePack) -> None:
    line = example.change("topics.yml", "bears_on: [crust]", "bears_on: [crust")
    told = only(example.problems)
    assert (told.file, told.line - line in (0, 1)) == ("topics.yml", True)
    assert "Close the bracket" in told.text


GOOD_TALK = """version: "3.1"
nlu:
  - intent: propose
    examples: |
      - which loaf would you take
      - something {value} please
"""


def test_examples_of_what_customers_say_may_be_added(example: ExamplePack) -> None:
    (example.folder / "nlu").mkdir()
    example.write("nlu/en.yml", GOOD_TALK)
    assert example.problems == []


@pytest.mark.parametrize(
    ("old", "new", "line", "said"),
    [
        ("  - intent: propose", "  - intnet: propose", 3, "Did you mean `intent`?"),
        ("  - intent: propose", "  - lookup: a\n    intent: b", 3, "for one `intent` or one `lookup`"),
        ("propose", "porpose", 3, "`porpose` is not an intent. Did you mean `propose`?"),
        ("      - something", "      something", 4, 'begins with "- "'),
        ("examples: |", "examples:", 4, "should be a text, not a list"),
        ("nlu:", "nul:", 2, "Did you mean `nlu`?"),
    ],
)
def test_a_slip_in_the_examples_is_found(
    example: ExamplePack, old: str, new: str, line: int, said: str
) -> None:
    (example.folder / "nlu").mkdir()
    example.write("nlu/en.yml", GOOD_TALK.replace(old, new))
    found = [problem for problem in example.problems if said in problem.text]
    assert [(problem.file, problem.line) for problem in found] == [("nlu/en.yml", line)]


def test_examples_that_nobody_would_read_are_named(example: ExamplePack) -> None:
    (example.folder / "nlu").mkdir()
    example.write("nlu/english.yml", GOOD_TALK)
    assert only(example.problems).text.startswith("nlu/english.yml would not be read")


def test_all_mistakes_are_told_at_once(example: ExamplePack) -> None:
    example.change(SHOP, "currency: TWD", "currency: TWX")
    example.change(TOPICS, "half_life: 2 years", "half_life: 2")
    example.change(CATALOGUE, "price: 160", "price: 1")
    assert [problem.file for problem in example.problems] == [CATALOGUE, SHOP, TOPICS]


def test_a_broken_pack_is_not_opened(example: ExamplePack) -> None:
    example.change(CATALOGUE, "price: 160", "price: 1")
    with pytest.raises(BadPack, match=r"1 problem"):
        read_pack(example.folder)


def test_an_unknown_shop_is_told_with_those_there_are(tmp_path: Path) -> None:
    with pytest.raises(UnknownShop, match=r"Known shops: .*coffee"):
        read_pack(tmp_path / "tea")
    with pytest.raises(UnknownShop):
        check_pack(tmp_path / "tea")


def test_a_file_is_no_pack(tmp_path: Path) -> None:
    (tmp_path / "tea").write_text("a shop")
    with pytest.raises(UnknownShop):
        check_pack(tmp_path / "tea")


@pytest.mark.parametrize(
    "text", ["[" * 100_000, "- " * 100_000, "{a: " * 50_000, "&a [*a, *a]", "? " * 9_000]
)
def test_hostile_yaml_is_a_problem_and_no_crash(example: ExamplePack, text: str) -> None:
    example.write(CATALOGUE, text)
    assert example.problems


def test_a_file_that_holds_itself_is_read_to_its_end(example: ExamplePack) -> None:
    example.write(CATALOGUE, "products: &all\n  rye: *all\n")
    assert any(problem.text.startswith("`name` is missing") for problem in example.problems)


EDITS = st.lists(
    st.tuples(
        st.sampled_from([SHOP, TOPICS, CATALOGUE]),
        st.integers(0, 5_000),
        st.integers(0, 40),
        st.one_of(
            st.text(max_size=12),
            st.sampled_from(
                [":", "{", "]", "\n", "\t", "- ", "&a ", "*a", "? ", "| ", "!!set ", "<<: ", "0x1", "~", "'"]
            ),
        ),
    ),
    min_size=1,
    max_size=4,
)


@settings(max_examples=100)
@given(edits=EDITS)
def test_no_edit_crashes_the_check(tmp_path: Path, edits: list[tuple[str, int, int, str]]) -> None:
    example = example_pack(tmp_path)
    for file, at, length, new in edits:
        text = (example.folder / file).read_bytes().decode("utf-8", "surrogatepass")
        start = at % (len(text) + 1)
        changed = text[:start] + new + text[start + length :]
        (example.folder / file).write_bytes(changed.encode("utf-8", "surrogatepass"))
    for problem in example.problems:
        assert problem.text.strip().endswith((".", "?"))
        assert 1 <= problem.line <= example.lines(problem.file)
