# ruff: noqa: RUF001 - letters and signs of other languages are meant

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reelyard.errors import Reject
from reelyard.media.sniffing import Sample, is_text, sniff
from reelyard.testing.languages import story
from reelyard.tools.documents.encodings import decode

MORE = {
    "cs": "Starý strážce majáku se vrátil pozdě večer domů. Příliš žluťoučký kůň úpěl ďábelské ódy.",
    "hu": "Az öreg világítótorony-őr késő este hazament. Az árvíztűrő tükörfúrógép jól működött.",
    "sv": "Den gamle fyrvaktaren gick hem över ön när det började snöa på kvällen.",
    "tr": "Yaşlı deniz feneri bekçisi gece geç saatte evine döndü. Çocuğa iyi geceler dedi.",
    "el": "Ο γέρος φαροφύλακας γύρισε στο σπίτι του αργά το βράδυ. Η γυναίκα του τον ρώτησε πού ήταν.",
    "he": "שומר המגדלור הזקן חזר הביתה מאוחר בלילה. אשתו שאלה אותו איפה היה.",
    "uk": "Старий доглядач маяка повернувся додому пізно ввечері. Її очі були сумні.",
    "th": "คนเฝ้าประภาคารแก่กลับบ้านตอนดึก ภรรยาของเขาถามว่าไปไหนมา",
    "traditional": "老燈塔看守人深夜回到了家裡。「你去哪兒了？」他的妻子問道。他沉默了很久。",
}
WRITTEN = [
    *[
        ("en", "cp1252"),
        ("de", "cp1252"),
        ("de", "mac-roman"),
        ("fr", "cp1252"),
        ("es", "cp1252"),
        ("es", "iso8859-1"),
    ],
    *[
        ("it", "cp1252"),
        ("pt", "cp1252"),
        ("pl", "cp1250"),
        ("pl", "iso8859-2"),
        ("ru", "cp1251"),
        ("ru", "koi8-r"),
    ],
    *[
        ("ru", "cp866"),
        ("zh", "gb18030"),
        ("zh", "gbk"),
        ("ja", "shift_jis"),
        ("ja", "euc_jp"),
        ("ja", "iso2022_jp"),
    ],
    *[
        ("ko", "euc_kr"),
        ("ko", "cp949"),
        ("ar", "cp1256"),
        ("cs", "cp1250"),
        ("cs", "iso8859-2"),
        ("hu", "cp1250"),
    ],
    *[
        ("sv", "cp1252"),
        ("sv", "cp850"),
        ("tr", "cp1254"),
        ("el", "cp1253"),
        ("el", "iso8859-7"),
        ("he", "cp1255"),
    ],
    *[
        ("uk", "cp1251"),
        ("uk", "koi8-u"),
        ("th", "cp874"),
        ("traditional", "big5"),
        ("traditional", "gb18030"),
    ],
]


def text_in(language: str, encoding: str) -> str:
    """The story, without signs that this encoding does not have."""
    text = MORE.get(language) or story(language)
    return "".join(char for char in text if char.encode(encoding, "ignore"))


@pytest.mark.parametrize(("language", "encoding"), WRITTEN)
def test_an_old_encoding_is_told_by_its_words(language: str, encoding: str) -> None:
    text = text_in(language, encoding)

    found = decode(text.encode(encoding))

    assert found.text == text


@pytest.mark.parametrize("language", ["de", "fr", "pl", "ru", "zh", "ja", "ko", "el", "tr"])
def test_one_line_among_many_of_ascii_is_enough(language: str) -> None:
    encoding = next(one for known, one in WRITTEN if known == language)
    text = "Plain words of no language at all.\n" * 50 + text_in(language, encoding)[:60]

    assert decode(text.encode(encoding)).text == text


def test_a_guess_is_said_and_what_is_sure_is_not() -> None:
    guessed, sure = decode("Où est l’été ?".encode("cp1252")), decode("Où est l’été ?".encode())

    assert (guessed.encoding, len(guessed.warnings)) == ("cp1252", 1)
    assert "cp1252" in guessed.warnings[0]
    assert (sure.encoding, sure.warnings) == ("utf-8", ())


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-32", "utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("language", ["en", "fr", "ru", "ko"])
def test_unicode_is_read_with_its_mark_and_where_plain_without(encoding: str, language: str) -> None:
    text = story(language)
    data = text.encode(encoding)

    assert decode(data).text == text
    assert encoding == "utf-32" or is_text(data)


def test_rubbish_is_not_taken_for_a_text() -> None:
    assert sniff(Sample(bytes(range(256)) * 4)) is None
    assert sniff(Sample(b"\0" * 4096)) is None
    assert sniff(Sample(b"\x01\x00\x02\x00\x00\x07" * 50)) is None


def test_utf8_with_a_few_broken_letters_stays_utf8() -> None:
    data = (story("ru") * 3).encode()

    found = decode(data[:100] + b"\xff" + data[101:])

    assert found.encoding == "utf-8"
    assert found.warnings
    assert "\ufffd" not in found.text


@given(st.binary(max_size=400))
def test_any_bytes_are_decoded_or_refused_with_a_way_out(data: bytes) -> None:
    with contextlib.suppress(Reject):
        assert decode(data).encoding
