"""Languages as containers name them: the three letters of ISO 639-2, where recognisers have two.

QuickTime films know a list of their own, in which some letters are older ones.
"""

from __future__ import annotations

from typing import Final

from reelyard.tools.rendering.target import Container

PAIRS: Final = (
    "af:afr sq:sqi am:amh ar:ara hy:hye as:asm az:aze ba:bak eu:eus be:bel bn:ben bs:bos br:bre bg:bul my:mya "
    "ca:cat zh:zho hr:hrv cs:ces da:dan nl:nld en:eng et:est fo:fao fi:fin fr:fra gl:glg ka:kat de:deu el:ell "
    "gu:guj ht:hat ha:hau he:heb hi:hin hu:hun is:isl id:ind it:ita ja:jpn jv:jav jw:jav kn:kan kk:kaz km:khm "
    "ko:kor lo:lao la:lat lv:lav ln:lin lt:lit lb:ltz mk:mkd mg:mlg ms:msa ml:mal mt:mlt mi:mri mr:mar mn:mon "
    "ne:nep no:nor nn:nno oc:oci ps:pus fa:fas pl:pol pt:por pa:pan ro:ron ru:rus sa:san sr:srp sn:sna sd:snd "
    "si:sin sk:slk sl:slv so:som es:spa su:sun sw:swa sv:swe tl:tgl tg:tgk ta:tam tt:tat te:tel th:tha bo:bod "
    "tr:tur tk:tuk uk:ukr ur:urd uz:uzb vi:vie cy:cym yi:yid yo:yor"
)
TWO_TO_THREE: Final[dict[str, str]] = dict(pair.split(":") for pair in PAIRS.split())

QUICKTIME: Final = {
    pair[:3]: pair[4:]
    for pair in (
        *("deu:ger", "nld:dut", "swe:sve", "ell:gre", "isl:ice", "zho:chi", "sqi:alb", "mkd:mac"),
        *("fre:fra", "rum:ron", "cze:ces", "slo:slk"),
    )
}


def letters_for(language: str | None, container: Container) -> str | None:
    """The letters that `container` has for a tag such as "en" or "deu"; None when there are none."""
    letters = iso_639_2(language)
    if letters is not None and container is Container.MOV:
        return QUICKTIME.get(letters, letters)
    return letters


def iso_639_2(language: str | None) -> str | None:
    """The three letters for a tag such as "en" or "en-GB"; None when there are none."""
    if language is None:
        return None
    first = language.replace("_", "-").partition("-")[0].lower()
    if len(first) == 3 and first.isascii() and first.isalpha():
        return None if first == "und" else first
    return TWO_TO_THREE.get(first)
