from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reelyard.errors import BadSignature, InvalidInput
from reelyard.storage.signing import UPLOAD_LIFETIME, Grant, Signer

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
KEY, OTHER_KEY = b"k" * 32, b"o" * 32
UPLOAD = Grant("PUT", "/api/v1/uploads/u-1/parts/3", user="anna", subject="u-1", part=3)
DOWNLOAD = Grant(
    "GET",
    "/api/v1/exports/e-1/content",
    user="anna",
    subject="e-1",
    disposition="attachment",
    filename='Zürich & "more"/100 %.zip',
    host="reelyard.test:8400",
)


def link_for(grant: Grant, signer: Signer | None = None) -> str:
    return (signer or Signer(KEY)).sign(grant, now=NOW, lifetime=UPLOAD_LIFETIME)


@pytest.mark.parametrize("grant", [UPLOAD, DOWNLOAD])
def test_a_link_gives_back_exactly_what_was_granted(grant: Grant) -> None:
    link = link_for(grant)

    assert link.startswith(f"{grant.path}?exp=")
    assert link.isascii()
    assert Signer(KEY).verify(grant.method, link, now=NOW, host=grant.host) == grant


@pytest.mark.parametrize("grant", [UPLOAD, DOWNLOAD])
def test_a_link_with_any_one_bit_flipped_is_refused(grant: Grant) -> None:
    signer, link = Signer(KEY, [OTHER_KEY]), link_for(grant).encode()

    for position in range(len(link)):
        for bit in range(8):
            flipped = bytearray(link)
            flipped[position] ^= 1 << bit
            with pytest.raises(BadSignature, match="not valid"):
                signer.verify(grant.method, flipped.decode("latin-1"), now=NOW, host=grant.host)


def test_a_link_holds_to_its_last_second_and_not_one_longer() -> None:
    signer, link = Signer(KEY), link_for(UPLOAD)

    assert signer.verify("PUT", link, now=NOW + UPLOAD_LIFETIME)
    for late in (timedelta(microseconds=1), timedelta(seconds=1), timedelta(days=400)):
        with pytest.raises(BadSignature, match="expired"):
            signer.verify("PUT", link, now=NOW + UPLOAD_LIFETIME + late)


def test_upload_links_hold_for_a_quarter_of_an_hour() -> None:
    assert timedelta(minutes=15) == UPLOAD_LIFETIME


@pytest.mark.parametrize("method", ["GET", "POST", "put", "", "PUT "])
def test_a_link_holds_for_its_method_only(method: str) -> None:
    with pytest.raises(BadSignature):
        Signer(KEY).verify(method, link_for(UPLOAD), now=NOW)


def test_a_link_holds_for_its_host_only() -> None:
    for host in ("", "evil.test:8400", "reelyard.test", "REELYARD.test:8400"):
        with pytest.raises(BadSignature):
            Signer(KEY).verify("GET", link_for(DOWNLOAD), now=NOW, host=host)


@pytest.mark.parametrize(
    "tampered",
    [
        "", "?", "&sig=", "/", "{link}&sig=", "{link}&x=1", "{link}=", "{link}#x", "{link} ", "{link}\udc80",
        "{path}", "{unsigned}", "{unsigned}&sig=", "{unsigned}&u=bert&sig={sig}", "/other?{query}",
        "{path}/?{query}", "{path}?u=bert&{query}", "%2Fapi{link}",
    ],
)  # fmt: skip
def test_a_link_with_anything_added_moved_or_cut_is_refused(tampered: str) -> None:
    link = link_for(UPLOAD)
    unsigned, _, sig = link.rpartition("&sig=")
    path, _, query = link.partition("?")

    with pytest.raises(BadSignature, match="not valid"):
        Signer(KEY).verify(
            "PUT", tampered.format(link=link, path=path, unsigned=unsigned, sig=sig, query=query), now=NOW
        )


def test_a_forged_old_link_is_told_no_more_than_a_forged_new_one() -> None:
    with pytest.raises(BadSignature, match="not valid"):
        Signer(OTHER_KEY).verify("PUT", link_for(UPLOAD), now=NOW + timedelta(days=1))


def test_links_of_the_previous_key_hold_after_a_rotation_and_not_after_two() -> None:
    old, third = link_for(UPLOAD), b"t" * 32
    once, twice = Signer(OTHER_KEY, [KEY]), Signer(third, [OTHER_KEY])

    assert once.verify("PUT", old, now=NOW) == UPLOAD
    assert link_for(UPLOAD, once) != old
    assert twice.verify("PUT", link_for(UPLOAD, once), now=NOW) == UPLOAD
    with pytest.raises(BadSignature):
        twice.verify("PUT", old, now=NOW)


@pytest.mark.parametrize("key", [b"", b"short", b"x" * 33])
def test_a_key_of_another_length_is_refused(key: bytes) -> None:
    with pytest.raises(InvalidInput, match="32 bytes"):
        Signer(key)
    with pytest.raises(InvalidInput, match="32 bytes"):
        Signer(KEY, [key])


@pytest.mark.parametrize(
    "path", ["", "/", "a", "/a?b", "/a b", "/ä", "/a%20b", "/a#", "/a/", "//a", "/a\n", "/a&sig=x"]
)
def test_a_path_that_needs_escaping_is_not_signed(path: str) -> None:
    with pytest.raises(InvalidInput, match="cannot be signed"):
        link_for(replace(UPLOAD, path=path))


texts = st.text(max_size=40)
grants = st.builds(
    Grant,
    method=st.sampled_from(["GET", "PUT"]),
    path=st.from_regex(r"(/[A-Za-z0-9._~-]{1,8}){1,4}", fullmatch=True),
    user=texts,
    subject=texts,
    part=st.none() | st.integers(1, 10_000),
    disposition=st.none() | texts,
    filename=st.none() | texts,
    host=texts,
)


@given(grants)
def test_any_grant_comes_back_as_it_was_given(grant: Grant) -> None:
    assert Signer(KEY).verify(grant.method, link_for(grant), now=NOW, host=grant.host) == grant


@given(grants, grants)
def test_two_grants_never_share_a_signature(one: Grant, other: Grant) -> None:
    def signature(grant: Grant) -> str:
        return link_for(grant).rpartition("&sig=")[2]

    assert (signature(one) == signature(other)) == (one == other)


def test_a_name_that_no_text_can_hold_is_named_as_well_as_it_goes() -> None:
    grant = replace(DOWNLOAD, filename="a\udc80b")

    got = Signer(KEY).verify("GET", link_for(grant), now=NOW, host=DOWNLOAD.host)

    assert got.filename == "a?b"
