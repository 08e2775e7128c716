"""Around an order: delivery, payment, invoice and label, by buttons and in the customer's words."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest

from crm_store.models import OrderRow
from crm_store.store import Store
from one_to_one.checkout import Checkout, Invoice, Packaging, Payment, Way, delivery_fee
from one_to_one.order_states import OrderState
from one_to_one.shop import ShopPack
from tests.unit.talking import Talk, in_three, tea_house

ADDRESS = "台北市中山區中山北路一段 12 號 3 樓"


def checkout(**changed: object) -> Checkout:
    """What the tea house offers around its teas."""
    terms = Checkout(
        country="TW",
        change_within=timedelta(hours=2),
        cancel_within=timedelta(hours=12),
        label_letters=12,
        invoices=(Invoice.PERSONAL, Invoice.COMPANY),
        packaging={
            "plain": Packaging("plain", in_three("一般包裝", "一般包装", "plain paper")),
            "tin": Packaging("tin", in_three("茶罐", "茶罐", "a tin"), Decimal(60)),
        },
        delivery={
            "home": Way("home", in_three("宅配", "宅配", "delivery"), fee=Decimal(80), days=1,
                        free_from=Decimal(1000), words={"zh": ("寄到家",), "en": ("ship it",)}),
            "pickup": Way("pickup", in_three("自取", "自取", "pick-up"), address=False,
                          words={"zh": ("自己拿",), "en": ("pick it up",)}),
        },
        payment={
            "on_delivery": Payment("on_delivery", in_three("貨到付款", "货到付款", "payment on delivery"),
                                   ways=("home",)),
            "link": Payment("link", in_three("線上付款", "线上付款", "payment by link"),
                            link="https://pay.example/{order}?a={amount}&c={currency}&e={expires}&s={signature}"),
        },
    )  # fmt: skip
    return replace(terms, **changed)  # type: ignore[arg-type]


def house(terms: Checkout | None = None) -> ShopPack:
    """A tea house that delivers."""
    pack = tea_house()
    return replace(pack, shop=replace(pack.shop, checkout=terms or checkout()))


@pytest.fixture
async def talk(own_store: Store) -> AsyncIterator[Talk]:
    """Somebody new in a tea house that delivers."""
    yield Talk(own_store, pack=house())
    await own_store.close()


async def drafted(talk: Talk) -> str:
    """Let the customer choose the first tea; returns the draft as shown."""
    await talk.says("推薦", "propose")
    return await talk.says("第一個", "choose")


async def latest(talk: Talk) -> OrderRow:
    async with talk.store.reading() as books:
        return (await books.orders.listed(talk.customer))[-1]


async def details(talk: Talk) -> dict[str, str]:
    return dict((await latest(talk)).details or {})


async def test_a_draft_shows_what_is_assumed_around_it_and_the_fee_is_in_the_total(talk: Talk) -> None:
    said = await drafted(talk)
    order = await latest(talk)
    assert "宅配（NT$80）" in said
    assert "貨到付款" in said
    assert order.fees == 80
    assert order.total == 80 + (await lines(talk))[0].price
    assert f"NT${order.total:,.0f}" in said


async def lines(talk: Talk) -> list:  # type: ignore[type-arg]
    async with talk.store.reading() as books:
        return await books.orders.lines(await latest(talk))


async def test_enough_goods_are_brought_for_nothing(talk: Talk) -> None:
    await drafted(talk)
    said = await talk.says("五包", "change")
    assert (await latest(talk)).fees == 0
    assert "NT$80" not in said


@pytest.mark.parametrize(
    ("words", "name", "code"),
    [
        ("我自己拿", "delivery", "pickup"),
        ("自取就好", "delivery", "pickup"),
        ("線上付款", "payment", "link"),
        ("I'd like to pick it up", "delivery", "pickup"),
        ("线上付款吧", "payment", "link"),
        ("用茶罐裝", "packaging", "tin"),
    ],
)
async def test_a_detail_is_changed_in_a_few_words(talk: Talk, words: str, name: str, code: str) -> None:
    await drafted(talk)
    await talk.says(words, "change")
    assert (await details(talk))[name] == code
    assert talk.offers("confirm")
    assert (await latest(talk)).state == "draft"


async def test_how_to_pay_is_no_question_about_delivery(talk: Talk) -> None:
    await drafted(talk)
    await talk.says("线上付款", "delivery")
    assert (await details(talk))["payment"] == "link"
    assert "兩天到" in await talk.says("你們怎麼送", "delivery")


async def test_a_detail_is_changed_by_a_button_and_its_price_told_before_it_is_charged(talk: Talk) -> None:
    await drafted(talk)
    before = (await latest(talk)).total
    await talk.taps_titled("配送")
    said = await talk.taps_titled("自取")
    assert (await latest(talk)).total == before - 80
    assert f"NT${before - 80:,.0f}" in said


async def test_paying_on_delivery_goes_with_delivery_only(talk: Talk) -> None:
    await drafted(talk)
    await talk.says("自取", "change")
    assert (await details(talk))["payment"] == "link"
    assert "貨到付款" not in [title for title, _ in talk.buttons]


@pytest.mark.parametrize(
    ("words", "kept"),
    [
        (f"寄到{ADDRESS}", ADDRESS),
        (f"好，地址是{ADDRESS}，貨到付款", ADDRESS),
        ("send it to 12 Main Street, Springfield, please", "12 Main Street, Springfield"),
        ("寄到高雄市左营区世纪大道100号", "高雄市左营区世纪大道100号"),
        (f"宅配到{ADDRESS}", ADDRESS),
        ("快递到高雄市左营区世纪大道100号", "高雄市左营区世纪大道100号"),
        ("I'd like it delivered to 12 Main Street, Springfield", "12 Main Street, Springfield"),
    ],
)
async def test_an_address_is_read_wherever_it_is_typed(talk: Talk, words: str, kept: str) -> None:
    await drafted(talk)
    said = await talk.says(words, "affirm")
    assert (await details(talk))["address"] == kept
    assert kept in said
    assert (await latest(talk)).state == "draft"  # naming an address orders nothing


async def test_an_address_is_no_question_about_the_shop(talk: Talk) -> None:
    await drafted(talk)
    said = await talk.says("my address is 12 Elm Street, Springfield", "hours")
    assert (await details(talk))["address"] == "12 Elm Street, Springfield"
    assert "12 Elm Street, Springfield" in said


@pytest.mark.parametrize("words", ["payment on delivery", "貨到付款", "货到付款就好"])
async def test_what_is_so_already_is_shown_once_more(talk: Talk, words: str) -> None:
    await drafted(talk)
    await talk.says(words, "delivery")
    assert talk.offers("confirm")
    assert (await latest(talk)).state == "draft"


@pytest.mark.parametrize("words", ["這條路我走了 3 年", "2 包", "on my way", "12 or 13?", "來 3 號"])
async def test_what_is_no_address_is_not_taken_for_one(talk: Talk, words: str) -> None:
    await drafted(talk)
    await talk.says(words, "inform")
    assert "address" not in await details(talk)


async def test_an_address_is_asked_for_and_the_next_order_knows_it(talk: Talk) -> None:
    await drafted(talk)
    await talk.taps_titled("配送")
    await talk.taps_titled("改地址")
    await talk.says("忠孝東路 7 之 2 二樓後面那間", "inform")
    said = await talk.says("好", "affirm")
    assert "忠孝東路 7 之 2" in said
    assert "還需要地址" not in said
    await talk.waits(days=20)
    await talk.says("老樣子", "order_usual")
    assert "忠孝東路 7 之 2" in (await details(talk))["address"]


async def test_who_wants_all_forgotten_is_asked_for_the_address_again(talk: Talk) -> None:
    await drafted(talk)
    await talk.says(f"寄到{ADDRESS}", "inform")
    await talk.says("好", "affirm")
    async with talk.store.transaction() as books:
        order = await books.orders.get((await latest(talk)).id, talk.customer)
        assert order is not None
        await books.orders.move(order, OrderState.DONE, talk.now, "cli")
    await talk.taps("forgetyes")
    await drafted(talk)
    assert "address" not in await details(talk)


async def test_an_order_without_address_says_so_and_takes_it_afterwards(talk: Talk) -> None:
    await drafted(talk)
    assert "還需要地址" in await talk.says("好", "affirm")
    said = await talk.says(f"寄到{ADDRESS}", "inform")
    assert "記在" in said
    assert (await details(talk))["address"] == ADDRESS
    assert [event.kind for event in await events(talk)] == ["order.placed", "order.changed"]


@pytest.mark.parametrize("words", ["payment on delivery", "貨到付款", "货到付款"])
async def test_what_is_so_already_is_told_of_what_was_just_ordered(talk: Talk, words: str) -> None:
    await drafted(talk)
    await talk.says("好", "affirm")
    said = await talk.says(words, "delivery")
    assert f"{(await latest(talk)).total:,.0f}" in said
    assert [event.kind for event in await events(talk)] == ["order.placed"]


async def events(talk: Talk) -> list:  # type: ignore[type-arg]
    async with talk.store.reading() as books:
        return await books.order_events.of_order((await latest(talk)).id)


async def test_a_tax_id_with_a_wrong_check_digit_is_told_and_changes_nothing(talk: Talk) -> None:
    await drafted(talk)
    said = await talk.says("開公司發票，統編 04595258", "change")
    assert "04595258" in said
    assert "檢查碼" in said
    assert (await details(talk))["invoice"] == "personal"
    await talk.says("統編是 04595257", "inform")
    assert (await details(talk))["tax_id"] == "04595257"
    assert (await details(talk))["invoice"] == "company"


@pytest.mark.parametrize("number", ["04595252", "00501503", "０４５９ ５２５７"])
async def test_a_company_is_asked_for_its_tax_id(talk: Talk, number: str) -> None:
    await drafted(talk)
    assert "統一編號" in await talk.says("要公司發票", "change")
    await talk.says(number, "inform")
    assert (await details(talk))["invoice"] == "company"
    assert len((await details(talk))["tax_id"]) == 8
    assert talk.offers("confirm")


async def test_a_company_of_china_has_its_own_number(own_store: Store) -> None:
    talk = Talk(own_store, pack=house(checkout(country="CN")), language="zh-Hans")
    await drafted(talk)
    assert "校验码" in await talk.says("公司发票，税号 91350211M000100Y4A", "change")
    await talk.says("税号 91350211M000100Y43", "inform")
    await own_store.close()


@pytest.mark.parametrize(
    ("words", "kept"),
    [
        ("卡片寫「生日快樂」", "生日快樂"),
        ("卡片上写：妈妈辛苦了", "妈妈辛苦了"),
        ("the card should say “Get well”", "Get well"),
        ("卡片寫「{total}」", "{total}"),
        ("卡片寫「<b>嗨</b>」", "<b>嗨</b>"),
        ("卡片寫「=1+1」", "=1+1"),
    ],
)
async def test_the_label_says_what_they_want_and_nothing_hidden(talk: Talk, words: str, kept: str) -> None:
    await drafted(talk)
    assert kept in await talk.says(words, "change")
    assert (await details(talk))["label_message"] == kept


@pytest.mark.parametrize(
    ("words", "kept"),
    [
        ("備註：週三前都不在家", "週三前都不在家"),
        ("兩包，麻煩管理員代收", "麻煩管理員代收"),
        ("备注一下放前台", "放前台"),
        ("please leave it with the neighbours", "please leave it with the neighbours"),
        ("note: “{total}, <b>bold</b>”", "{total}, <b>bold</b>"),
    ],
)
async def test_a_note_is_kept_for_whoever_packs_and_brings_it(talk: Talk, words: str, kept: str) -> None:
    await drafted(talk)
    assert kept in await talk.says(words, "delivery")
    assert (await details(talk))["notes"] == kept
    await talk.taps(talk.payload("confirm"))
    async with talk.store.reading() as books:
        [line] = await books.orders.lines(await latest(talk))
    assert (line.specification or {})["notes"]["notes"] == kept


@pytest.mark.parametrize("words", ["可以備註嗎", "take note of this: 2 bags", "備註"])
async def test_what_says_nothing_is_no_note(talk: Talk, words: str) -> None:
    await drafted(talk)
    await talk.says(words, "change")
    assert "notes" not in await details(talk)


async def test_a_label_too_long_is_not_cut_but_told(talk: Talk) -> None:
    await drafted(talk)
    assert "12" in await talk.says("卡片寫「這是一段寫不進小卡片的長長長長祝福」", "change")
    assert "label_message" not in await details(talk)


async def test_what_cannot_be_printed_is_left_out(talk: Talk) -> None:
    await drafted(talk)
    await talk.says("卡片寫「嗨\u202e\u0007\u200b\n你」", "change")
    assert (await details(talk))["label_message"] == "嗨 你"


async def test_a_label_belongs_to_one_order(talk: Talk) -> None:
    await drafted(talk)
    await talk.says("卡片寫「生日快樂」", "change")
    await talk.says("好", "affirm")
    await talk.says("老樣子", "order_usual")
    assert "label_message" not in await details(talk)


async def test_a_link_to_pay_is_signed(talk: Talk) -> None:
    talk.signing_key = "secret"
    await drafted(talk)
    await talk.says("線上付款", "change")
    said = await talk.says("好", "affirm")
    order = await latest(talk)
    assert f"https://pay.example/{order.id}?a={order.total:.0f}&c=TWD&e=" in said
    assert len(said.rpartition("s=")[2].split()[0]) == 64


async def test_a_way_that_the_shop_gave_up_gives_way_to_its_first(talk: Talk) -> None:
    await drafted(talk)
    await talk.says("自取", "change")
    talk.pack = house(checkout(delivery={"van": Way("van", in_three("專車", "专车", "van"))}))
    said = await talk.says("一共多少", "nlu_fallback")
    assert "專車" in said


async def test_a_shop_without_checkout_has_none_of_it(own_store: Store) -> None:
    talk = Talk(own_store)
    await drafted(talk)
    assert not talk.offers("detail")
    await talk.says("好", "affirm")
    assert (await latest(talk)).state == "placed"
    assert not (await latest(talk)).details
    await own_store.close()


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("寄到台北市中山區中山北路一段 12 號 3 樓", "nlu_fallback"),
        ("address is 台北市中山區中山北路一段 12 號 3 樓 thanks", "hours"),
    ],
)
async def test_an_address_named_before_anything_is_picked_is_on_the_draft(
    talk: Talk, text: str, intent: str
) -> None:
    await talk.says("推薦", "propose")
    assert ADDRESS in await talk.says(text, intent)
    assert talk.offers("choose")  # what is on the table stays there
    await talk.says("第二個", "choose")
    assert (await details(talk))["address"].startswith(ADDRESS)


@pytest.mark.parametrize(
    ("text", "intent", "words"),
    [
        ("小卡幫我寫「辛苦了」", "thanks", "辛苦了"),
        ('please write "Well done" on the card', "praise", "Well done"),
        ("卡片上寫 謝謝老師", "thanks", "謝謝老師"),
    ],
)
async def test_words_for_the_card_wait_for_what_is_picked_and_belong_to_that_order_only(
    talk: Talk, text: str, intent: str, words: str
) -> None:
    assert words in await talk.says(text, intent)
    await drafted(talk)
    assert (await details(talk))["label_message"] == words
    await talk.taps(talk.payload("confirm"))
    await talk.says("推薦", "propose")
    await talk.says("第一個", "choose")
    assert not (await details(talk)).get("label_message")


async def test_a_wrong_tax_id_is_told_before_anything_is_picked(talk: Talk) -> None:
    await talk.says("推薦", "propose")
    assert "12345678" in await talk.says("公司發票 統編 12345678", "inform")
    await talk.says("第一個", "choose")
    assert "tax_id" not in await details(talk)


@pytest.mark.parametrize("text", ["可以刷卡嗎", "how can I pay?", "能不能貨到付款"])
async def test_how_to_pay_is_told_when_it_is_asked(talk: Talk, text: str) -> None:
    said = await talk.says(text, "delivery")
    assert ("貨到付款" in said and "線上付款" in said) or "payment by link" in said
    assert "兩天到" not in said


@pytest.mark.parametrize(("goods", "fee"), [(999, 80), (1000, 0), (1001, 0)])
def test_delivery_is_free_from_the_very_amount(goods: int, fee: int) -> None:
    assert delivery_fee(checkout(), {"delivery": "home"}, Decimal(goods)) == fee
