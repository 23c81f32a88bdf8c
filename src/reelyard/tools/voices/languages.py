"""Languages as voices name them, and a sentence in each by which a voice is tried."""

# ruff: noqa: RUF001 - letters of other scripts are no mistake here

from __future__ import annotations

from typing import Final

ANY = "mul"  # ISO 639-2: a voice that speaks several
FALLBACK = "en"  # of a text whose language cannot be told

# What engines call the languages that ISO 639-1 calls otherwise.
ALIASES: Final = {
    "zh": "cmn",
    "no": "nb",
    "nn": "nb",
    "iw": "he",
    "in": "id",
    "jw": "jv",
    "tl": "fil",
    "mo": "ro",
}
# The one that is taken when a language has several voices and none was named.
FIRST: Final = {
    "en": "en-us",
    "pt": "pt-br",
    "fr": "fr-fr",
    "es": "es",
    "vi": "vi",
    "ca": "ca",
    "ru": "ru",
    "fa": "fa",
}

SENTENCES: Final = {
    "ar": "كان يا ما كان، في قديم الزمان، بيت صغير على البحر.",
    "bg": "Имало едно време малка къща край морето.",
    "ca": "Hi havia una vegada una casa petita vora el mar.",
    "cmn": "从前，海边有一座小房子。",
    "cs": "Byl jednou jeden malý dům u moře.",
    "da": "Der var engang et lille hus ved havet.",
    "de": "Es war einmal ein kleines Haus am Meer.",
    "el": "Μια φορά κι έναν καιρό ήταν ένα μικρό σπίτι δίπλα στη θάλασσα.",
    "en": "Once upon a time there was a little house by the sea.",
    "es": "Érase una vez una casita junto al mar.",
    "et": "Elas kord väike maja mere ääres.",
    "fa": "یکی بود، یکی نبود؛ خانهٔ کوچکی کنار دریا بود.",
    "fi": "Olipa kerran pieni talo meren rannalla.",
    "fr": "Il était une fois une petite maison au bord de la mer.",
    "he": "היה היה בית קטן על שפת הים.",
    "hi": "एक समय की बात है, समुद्र के किनारे एक छोटा घर था।",
    "hr": "Bila jednom mala kuća kraj mora.",
    "hu": "Egyszer volt, hol nem volt, volt egy kis ház a tenger mellett.",
    "id": "Pada suatu hari ada sebuah rumah kecil di tepi laut.",
    "it": "C'era una volta una piccola casa in riva al mare.",
    "ja": "むかしむかし、うみのそばに ちいさな いえが ありました。",
    "ko": "옛날 옛적에 바닷가에 작은 집이 있었습니다.",
    "lt": "Kartą gyveno mažas namelis prie jūros.",
    "lv": "Reiz bija maza māja pie jūras.",
    "nb": "Det var en gang et lite hus ved havet.",
    "nl": "Er was eens een klein huis aan zee.",
    "pl": "Był sobie raz mały dom nad morzem.",
    "pt": "Era uma vez uma pequena casa à beira do mar.",
    "ro": "A fost odată o casă mică lângă mare.",
    "ru": "Жил-был маленький дом у моря.",
    "sk": "Bol raz jeden malý dom pri mori.",
    "sl": "Nekoč je bila majhna hiša ob morju.",
    "sr": "Била једном мала кућа крај мора.",
    "sv": "Det var en gång ett litet hus vid havet.",
    "sw": "Hapo zamani palikuwa na nyumba ndogo kando ya bahari.",
    "tr": "Bir varmış bir yokmuş, deniz kıyısında küçük bir ev varmış.",
    "uk": "Жила-була маленька хатинка біля моря.",
    "vi": "Ngày xửa ngày xưa có một ngôi nhà nhỏ bên bờ biển.",
}


def base(language: str) -> str:
    """The language without its country, as engines name it: "en" for "en-GB", "cmn" for "zh"."""
    first = language.lower().replace("_", "-").partition("-")[0]
    return ALIASES.get(first, first)


def sample_sentence(language: str) -> str | None:
    """A sentence in that language; English for a voice that speaks any; None where there is none."""
    return SENTENCES.get(FALLBACK if language == ANY else base(language))
