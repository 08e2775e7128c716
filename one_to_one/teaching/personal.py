"""What tells of somebody in a sentence, and what is put in its place: patterns, and things made up."""

from __future__ import annotations

import random
import re
from collections.abc import Callable

type Made = Callable[[str, random.Random], str]
"""Makes something up of the kind of what was there, the same from the same chance."""

HAN = r"[\u3400-\u9fff]"
END = r"(?=$|[^\u3400-\u9fff])"
SURNAMES = (
    "王李张張劉刘陳陈楊杨黃黄趙赵吳吴周徐孫孙馬马朱胡林郭何高羅罗鄭郑梁謝谢宋唐許许鄧邓馮冯韓韩曹曾彭蕭萧蔡潘"
    "田董袁于余葉叶蔣蒋杜蘇苏魏程呂吕丁沈任姚盧卢傅鍾钟崔譚谭廖范汪陸陆金石戴賈贾韋韦夏邱方侯鄒邹熊孟秦白江"
    "閻阎薛尹段雷黎史龍龙賀贺顧顾毛郝龔龚邵萬万錢钱嚴严賴赖覃洪武莫孔湯汤康施翁詹簡简温溫歐欧莊庄游柯"
)
FAMILY = ("林", "陳", "張", "李", "王", "吳")
GIVEN = ("小安", "佳文", "子晴", "明哲", "雅婷", "家豪", "怡君", "志明")
WESTERN = ("Alex", "Sam", "Robin", "Kim", "Jamie", "Chris", "Noa", "Terry")
STREETS = ("和平路", "中山路", "民生路", "建國路")
ROADS = ("Station Road", "Park Street", "Mill Lane", "High Street")

UNITS = (
    r"\s*(?:g|kg|ml|cl|oz|lb|lbs|cm|mm|克|公克|公斤|斤|毫升|元|塊|块|圓|美金|台幣|人民幣|人民币"
    r"|dollars?|euros?|pounds?|bucks|twd|usd|eur|cny|rmb|%|包|份|杯|袋|盒|個|个|支|天|日|月|年|次"
    r"|bags?|cups?|packs?|boxes|pieces?|people|days?|weeks?|months?|times?)(?![A-Za-z])"
)
"""What makes a number an amount."""

BEFORE_ORDER = (
    "(?:訂單|订单|單號|单号|編號|编号|運單|运单|發票|发票"
    "|order|invoice|tracking|reference|ref|parcel|case|ticket|receipt)"
)
CITY = rf"(?:{HAN}{{2,3}}[省市縣县])?(?:{HAN}{{1,3}}[市區区鄉乡鎮镇縣县])?(?:{HAN}{{1,4}}[村里])?"
NUMBERED = r"[0-9０-９一二三四五六七八九十百之\-]+"
STREET_ENDS = "street|st|road|rd|avenue|ave|lane|ln|drive|dr|boulevard|blvd|square|close|way|court"


def name(old: str, chance: random.Random) -> str:
    """A name of the same kind: Western, a given name, or one with its surname."""
    if not re.search(HAN, old):
        return " ".join(chance.sample(WESTERN, k=min(len(old.split()) or 1, 3)))
    if old[0] in SURNAMES and len(old) > 1:
        return chance.choice(FAMILY) + chance.choice(GIVEN)[: len(old) - 1]
    return chance.choice(FAMILY) if len(old) == 1 else chance.choice(GIVEN)


def _digits(old: str, chance: random.Random) -> str:
    """Other digits of the same shape; of long numbers the first two stay, they tell the kind."""
    kept = 2 if sum(sign.isdigit() for sign in old) > 5 else 0
    seen = 0
    made = []
    for sign in old:
        seen += sign.isdigit()
        made.append(str(chance.randrange(10)) if sign.isdigit() and seen > kept else sign)
    return "".join(made) if "".join(made) != old else _digits(old, chance)


def _mail(_old: str, chance: random.Random) -> str:
    return f"{chance.choice(WESTERN).lower()}{chance.randrange(10, 99)}@example.com"


def _link(_old: str, _chance: random.Random) -> str:
    return "https://example.com/"


def _handle(_old: str, chance: random.Random) -> str:
    return f"@{chance.choice(WESTERN).lower()}_{chance.randrange(10, 99)}"


def _street(_old: str, chance: random.Random) -> str:
    return f"台北市大安區{chance.choice(STREETS)}{chance.randrange(1, 200)}號"


def _road(_old: str, chance: random.Random) -> str:
    return f"{chance.randrange(1, 200)} {chance.choice(ROADS)}"


def _pattern(*parts: str) -> re.Pattern[str]:
    return re.compile("".join(parts), re.IGNORECASE)


PATTERNS: tuple[tuple[re.Pattern[str], Made], ...] = (
    (_pattern(r"[a-z0-9_.+-]+@[a-z0-9-]+(?:\.[a-z0-9-]+)+"), _mail),
    (_pattern(r"(?:https?://|www\.)[^\s，。、）)]+"), _link),
    (_pattern(r"(?<![a-z0-9_@])@[a-z][a-z0-9_]{3,}"), _handle),
    (
        _pattern(
            rf"(?![住在到寄送往於于是址]){CITY}{HAN}{{1,4}}(?:路|街|大道)(?:{NUMBERED}段)?(?:{NUMBERED}巷)?",
            rf"(?:{NUMBERED}弄)?{NUMBERED}[號号](?:\s*{NUMBERED}[樓楼室F]?)?(?:之{NUMBERED})?",
        ),
        _street,
    ),
    (
        _pattern(
            rf"\b\d{{1,5}}[a-z]?,? (?:[a-z'.]+ ){{1,3}}(?:{STREET_ENDS})\b\.?",
            r"(?:,? (?:apt|flat|unit|suite|floor)\.? ?\w+)?(?-i:, [A-Z][a-z]+(?: [A-Z][a-z]+)?)?",
            r"(?:,? [a-z]{1,2}\d[\da-z]? ?\d[a-z]{2}\b)?",
        ),
        _road,
    ),
    (_pattern(r"(?<![a-z0-9])[a-z][12]\d{8}(?!\d)|(?<!\d)\d{17}[\dx](?![\da-z])"), _digits),
    (
        _pattern(
            rf"{BEFORE_ORDER}\s*(?:號碼|号码|號|号|numbers?|no\.?|nr\.?|id)?\s*(?:是|is|was|[:：#＃])*\s*",
            rf"(?P<it>[a-z]{{1,4}}-?\d[\d-]{{0,19}}|\d[\d-]{{2,19}})(?!\d|{UNITS})",
        ),
        _digits,
    ),
    (
        _pattern(
            rf"{BEFORE_ORDER}\s*(?:號碼|号码|號|号|number|no\.?|nr\.?|id|[:：#＃])\s*(?:是|is|[:：#＃])*\s*",
            rf"(?P<it>\d{{1,2}})(?!\d|{UNITS})",
        ),
        _digits,
    ),
    (_pattern(r"[#＃](?P<it>\d{2,20})(?!\d)|(?<![a-z0-9-])[a-z]{1,4}-\d{3,}(?![\w-])"), _digits),
    (
        _pattern(
            r"(?<![a-z0-9.$¥￥€£-])(?<![$¥￥€£] )(?!(?:19|20)\d\d[-/.年]\d{1,2}[-/.月]\d{1,2})",
            rf"[+(]?\d(?:[\s().–-]{{0,2}}\d){{6,}}(?![\da-z]|{UNITS})",
        ),
        _digits,
    ),
)
"""What is replaced by what, in this order. Where a pattern has a group "it", that alone goes."""

CALLED_ZH = "我的名字[是叫]|名字[是叫]|我叫做?|叫我|稱呼我|称呼我|姓名|收件人|聯絡人|联系人|收货人"
CALLED_EN = "my name(?:'s| is)|name is|name:|i am called|i'm called|call me|attn:?|deliver to|it's for"
NO_NAMES = "later|back|when|if|at|on|crazy|maybe|the|a|an|my|please|tomorrow"
PEOPLE_ZH = "女兒|女儿|兒子|儿子|老婆|老公|先生|太太|朋友|同事|媽媽|妈妈|爸爸|男友|女友|狗|貓|猫"
PEOPLE_EN = "daughter|son|wife|husband|mum|mom|dad|sister|brother|friend|boyfriend|girlfriend|boss|colleague"
TITLES_ZH = "先生|小姐|女士|太太|老師|老师|經理|经理"
LATIN = r"[A-Za-z][A-Za-z'-]+"
CAPITALS = r"[A-Z][A-Za-z'-]+(?: [A-Z][A-Za-z'-]+)*"

GOES_ON = "(?=[的住要想在會会就吧啦喔哦電电手])"

NAMES = (
    re.compile(
        rf"(?:{CALLED_ZH})[:： 是]*(?P<it>[{SURNAMES}]{HAN}{{1,2}}?(?:{END}|{GOES_ON})"
        rf"|{HAN}{{2,3}}(?=就好|就行|吧|啦|喔)|{LATIN})"
    ),
    re.compile(rf"(?:我的名字[是叫]|我叫做?|姓名|收件人|收货人)[:： 是]*(?P<it>{HAN}{{2,3}}){END}"),
    re.compile(rf"(?:我是|這是|这是|本人)(?P<it>[{SURNAMES}]{HAN}{{1,2}}){END}"),
    re.compile(rf"(?P<it>[{SURNAMES}]{HAN}{{0,2}}?)(?={TITLES_ZH})"),
    re.compile(rf"我姓(?P<it>[{SURNAMES}])"),
    re.compile(rf"(?:{PEOPLE_ZH})叫做?(?P<it>{HAN}{{2,3}}|{LATIN})"),
    re.compile(rf"(?i:\b(?:{CALLED_EN}))\s+(?!(?i:{NO_NAMES})\b)(?P<it>{CAPITALS}|{LATIN})"),
    re.compile(rf"\b(?:[Ii]'?m|[Ii] am|[Tt]his is) (?P<it>{CAPITALS})"),
    re.compile(rf"\b(?i:mr|mrs|ms|miss|dr)\.? (?P<it>{CAPITALS}|[a-z][a-z'-]+)"),
    re.compile(rf"\b(?:[Mm]y|[Oo]ur) (?:{PEOPLE_EN})(?:'s name is|,? (?:named|called))? (?P<it>{CAPITALS})"),
    re.compile(r"(?<=[a-z,;:] )(?P<it>[A-Z][a-z]{2,}(?: [A-Z][a-z]{2,})*)(?![A-Za-z])"),
)
"""Where somebody is named; the last: a word with a capital inside an English sentence."""
