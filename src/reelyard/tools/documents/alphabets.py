"""Which letters the languages of each old encoding use besides A to Z, and what the bytes of the Asian ones mean."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

# Frequent letters first: for scripts of their own the first third decides between encodings of the same letters.
LETTERS: dict[str, str] = {
    "fr": "éèêàçùâîôûëïüœæÿ",
    "de": "äöüß",
    "es": "áéíóúñüªº",
    "pt": "ãçáéíóúâêôõàüªº",
    "it": "èàòùìéîóú",
    "nl": "éëïóöüèêáä",
    "sv": "åäöéà",
    "da": "æøåéöü",
    "is": "áðéíóúýþæö",
    "ca": "àèéíïòóúüç·",
    "pl": "ąćęłńóśźż",
    "cs": "áčďéěíňóřšťúůýž",
    "sk": "áäčďéíĺľňóôŕšťúýž",
    "hu": "áéíóöőúüű",
    "ro": "ăâîşţșț",
    "hr": "čćđšž",
    "tr": "ığüşöçİâîû",
    "lt": "ąčęėįšųūž",
    "lv": "āčēģīķļņšūž",
    "et": "äõöüšž",
    "ru": "оеаинтсрвлкмдпуяыьгзбчйхжшюцщэфёъ",
    "uk": "оаинтіверскдлмупьязбгчйхїжцюєшщфґ",
    "bg": "аоиетнрсвлкдпмъзубгчяжцхшйщюьф",
    "el": "αοιετσνηυρπκμλςωίδγάόέύήώχθφβξζψϊϋΐΰ",
    "he": "יוהלאתרשמבנםחדקעפכטסגןזצךףץ",
    "ar": "اليمنرتبوهدعسفكحقأجةشصخطذزضىئغثظءإؤآًٌٍَُِّْ",
    "fa": "اینرهدمتوبسشزکلخگفپقعچحجغصطضژثذظئآأ",
    "th": "านรก่อ้เงมลวยตัสิดีบ็์ทใไปแหคะขจโ",
    "vi": "àáâãèéêìíòóôõùúýăđĩũơưạảấầẩẫậắằẳẵặẹẻẽếềểễệỉịọỏốồổỗộớờởỡợụủứừửữựỳỵỷỹ",
}
OWN_SCRIPT = frozenset({"ru", "uk", "bg", "el", "he", "ar", "fa", "th"})

WESTERN = ("fr", "de", "es", "pt", "it", "nl", "sv", "da", "is", "ca")
CENTRAL = ("pl", "cs", "sk", "hu", "ro", "hr", "de")
CYRILLIC = ("ru", "uk", "bg")
BALTIC = ("lt", "lv", "et")

# Of equal ones the first is taken: Windows' own before all, and those nobody writes any more at the end.
ENCODINGS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("cp1252", WESTERN),
    ("cp1251", CYRILLIC),
    ("cp1250", CENTRAL),
    ("cp1253", ("el",)),
    ("cp1254", ("tr",)),
    ("cp1255", ("he",)),
    ("cp1256", ("ar", "fa")),
    ("cp1257", BALTIC),
    ("cp874", ("th",)),
    ("iso8859-15", WESTERN),
    ("iso8859-2", CENTRAL),
    ("koi8-u", CYRILLIC),
    ("iso8859-5", CYRILLIC),
    ("iso8859-7", ("el",)),
    ("iso8859-9", ("tr",)),
    ("cp866", CYRILLIC),
    ("mac-cyrillic", CYRILLIC),
    ("mac-roman", WESTERN),
    ("cp850", WESTERN),
    ("cp852", CENTRAL),
)


@dataclass(frozen=True, slots=True)
class Asian:
    """An encoding of two bytes a letter."""

    name: str
    common: Callable[[int, int], bool]  # whether the pair is among those that ordinary texts are made of
    kana: tuple[int, ...] = ()  # first bytes of the letters that every Japanese text has


def _rows(first: int, last: int, signs: tuple[int, ...]) -> Callable[[int, int], bool]:
    return lambda lead, _trail: first <= lead <= last or lead in signs


# In each the letters of everyday lie together. Korean goes before Chinese, whose common rows hold all of its.
ASIAN = (
    Asian("euc_jp", _rows(0xB0, 0xCF, (0xA1, 0xA3, 0xA4, 0xA5)), (0xA4, 0xA5)),
    Asian("cp949", _rows(0xB0, 0xC8, (0xA1, 0xA3))),
    Asian("cp932", _rows(0x88, 0x97, (0x81, 0x82, 0x83)), (0x82, 0x83)),
    Asian("gb18030", lambda lead, trail: trail >= 0xA1 and (0xB0 <= lead <= 0xD7 or lead in (0xA1, 0xA3))),
    Asian("big5hkscs", _rows(0xA4, 0xC6, (0xA1, 0xA2))),
)
