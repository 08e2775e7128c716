"""Which messages colleagues see first, and how far they agree."""

from __future__ import annotations

from dataclasses import replace

import pytest

from one_to_one.teaching.agreement import alpha, kappa, pairs
from one_to_one.teaching.judging import Judgement, meaning, settle, written
from one_to_one.teaching.ranking import Reason, Said, alike, kind, worth

CLEAR = Said("do you have decaf", "catalogue", 0.97, 0.9, "thanks", "thanks")
ROAST = {"entity": "roast", "value": "dark", "polarity": "likes", "start": 0, "end": 4}


def test_what_was_clear_teaches_nothing() -> None:
    assert worth(CLEAR).score == 0


@pytest.mark.parametrize(
    ("said", "reason"),
    [
        (replace(CLEAR, intent="nlu_fallback"), Reason.FALLBACK),
        (replace(CLEAR, margin=0.02), Reason.NARROW),
        (replace(CLEAR, confidence=0.5), Reason.UNSURE),
        (replace(CLEAR, then="do you have any decaf?"), Reason.REPEATED),
        (replace(CLEAR, then_intent="complain"), Reason.COMPLAINED),
        (replace(CLEAR, then_intent="human"), Reason.PERSON),
        (replace(CLEAR, then_intent="deny"), Reason.REFUSED),
    ],
)
def test_each_sign_of_trouble_counts_and_is_told(said: Said, reason: Reason) -> None:
    found = worth(said)
    assert found.score > 0
    assert found.reasons == (reason,)


def test_several_signs_teach_more_than_one_and_never_more_than_all() -> None:
    one = worth(replace(CLEAR, intent="nlu_fallback"))
    both = worth(replace(CLEAR, intent="nlu_fallback", confidence=0.2, margin=0.0, then=CLEAR.text))
    assert one.score < both.score < 1


def test_a_complaint_after_a_complaint_says_nothing_about_the_answer() -> None:
    assert worth(replace(CLEAR, intent="complain", then_intent="complain")).score == 0


def test_ten_alike_teach_less_and_less() -> None:
    said = replace(CLEAR, intent="nlu_fallback")
    scores = [worth(said, nth).score for nth in range(10)]
    assert scores == sorted(scores, reverse=True)
    assert scores[9] < worth(replace(CLEAR, confidence=0.8)).score


def test_what_reviewers_differ_about_comes_before_everything() -> None:
    worst = Said("eh?", "nlu_fallback", 0.0, 0.0, "eh?", "complain")
    assert worth(CLEAR, 12, contested=True).score > worth(worst).score


def test_both_scripts_numbers_and_punctuation_are_of_one_kind() -> None:
    assert kind("我要退貨，訂單 123") == kind("我要退货 订单 987!")
    assert kind("我要退貨") != kind("有沒有低咖啡因的")
    assert alike("我要退貨", "我要退货！") == 1
    assert alike("", "…") == 0


def test_a_fact_is_the_same_whatever_words_it_was_read_from() -> None:
    elsewhere = ROAST | {"start": 9, "end": 13, "confidence_entity": 0.5, "about": "self"}
    assert written(ROAST) == written(elsewhere) == "roast=dark likes"
    theirs = ROAST | {"about": "other", "who": "mother", "lasting": False, "relative": -1}
    assert written(theirs) == "roast=dark likes other mother passing less"
    assert meaning([ROAST, elsewhere]) == ("roast=dark likes",)


def test_one_review_settles_and_two_that_differ_do_not() -> None:
    one = Judgement("An", "propose", (ROAST,))
    assert settle([one]).contested == frozenset()
    assert settle([one, replace(one, reviewer="Bo")]).contested == frozenset()
    assert settle([one, Judgement("Bo", "inform", (ROAST,))]).contested == {"intent"}
    assert settle([one, Judgement("Bo", "propose", ())]).contested == {"facts"}


def test_a_third_review_decides() -> None:
    views = [Judgement("An", "propose"), Judgement("Bo", "inform"), Judgement("Cy", "inform")]
    assert settle(views).intent == "inform"
    assert settle(views).contested == frozenset()


def test_the_words_that_mean_nothing_come_from_who_agrees() -> None:
    views = [Judgement("An", "thanks", (), ("hard work",)), Judgement("Bo", "thanks", ())]
    assert settle(views).idle == ("hard work",)


def test_kappa_is_that_of_the_textbook() -> None:
    """Cohen's kappa of 45 yes/yes, 15 yes/no, 25 no/yes and 15 no/no (the usual example): 0.1304."""
    said = [*[("y", "y")] * 45, *[("y", "n")] * 15, *[("n", "y")] * 25, *[("n", "n")] * 15]
    assert kappa(said) == pytest.approx(0.1304, abs=1e-4)
    assert kappa([("y", "y"), ("n", "n")]) == 1
    assert kappa([("y", "y")]) is None
    assert kappa([]) is None


def test_alpha_is_that_of_krippendorffs_own_example() -> None:
    """His four observers and twelve units with gaps (2011, "Computing Krippendorff's alpha"): 0.743."""
    observed = {
        "A": "1 2 3 3 2 1 4 1 2 . . .",
        "B": "1 2 3 3 2 2 4 1 2 5 . 3",
        "C": ". 3 3 3 2 3 4 2 2 5 1 .",
        "D": "1 2 3 3 2 4 4 1 2 5 1 .",
    }
    columns = zip(*(views.split() for views in observed.values()), strict=True)
    units = [{who: view for who, view in zip(observed, unit, strict=True) if view != "."} for unit in columns]
    assert alpha(units) == pytest.approx(0.743, abs=1e-3)
    assert alpha([{"A": 1}]) is None
    assert alpha([{"A": 1, "B": 1}]) is None


def test_every_pair_is_counted_by_the_messages_both_judged() -> None:
    judged = [{"An": "a", "Bo": "a"}, {"An": "a", "Bo": "b"}, {"An": "b", "Bo": "b", "Cy": "b"}, {"Cy": "a"}]
    found = pairs(judged)
    assert [(each.one, each.other, each.messages, each.same) for each in found] == [
        ("An", "Bo", 3, 2),
        ("An", "Cy", 1, 1),
        ("Bo", "Cy", 1, 1),
    ]
    assert found[0].kappa == pytest.approx(0.4)
