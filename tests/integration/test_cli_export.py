"""`reelyard export`: what a batch made, in one file on the disk."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path

import httpx
import pytest
from tests.support.commands import Shell
from tests.support.exports import made
from tests.support.served import Served, site

from reelyard.client import Client
from reelyard.core.accounts.models import LOCAL_OWNER

BATCH = [{"transcript.txt": b"the first"}, {"transcript.txt": b"the second"}, None]


@pytest.fixture
def shell(offline: Served, capsys: pytest.CaptureFixture[str]) -> Shell:
    return Shell(offline.container.settings.data, capsys)


def named(local: Served, name: str) -> str:
    batch_id = made(local, BATCH)
    with Client(local.address) as client:
        client.batches.change(batch_id, name=name)
    return batch_id


def test_a_batch_comes_as_an_archive_and_nothing_is_overwritten(
    shell: Shell, local: Served, tmp_path: Path
) -> None:
    named(local, "talks to take")

    first = shell("export", "talks to take", "--out", tmp_path / "new")
    second = shell("export", "talks to take", "--out", tmp_path / "new")

    assert (first.code, second.code) == (0, 0), first.err
    archives = sorted(path.name for path in (tmp_path / "new").iterdir())
    assert len(archives) == 2
    assert any(name.endswith("(2).zip") for name in archives)
    assert all(name in first.out + second.out for name in archives)
    with zipfile.ZipFile(tmp_path / "new" / archives[0]) as archive:
        assert archive.testzip() is None
        assert "manifest.json" in archive.namelist()


def test_the_options_shape_the_archive(shell: Shell, local: Served, tmp_path: Path) -> None:
    batch_id = named(local, "shaped")

    said = shell(
        "export", batch_id[:8], "--format", "zip", "--include-failed", "--pattern", "{name} no {position}.{ext}",
        "--prefix", "--no-original-names", "--out", tmp_path, "--json",
    )  # fmt: skip

    assert said.code == 0, said.err
    (told,) = said.told("exported")
    with zipfile.ZipFile(told["path"]) as archive:
        names = archive.namelist()
    assert [name for name in names if name.startswith("shaped") and "no 001" in name]
    assert "report.csv" in names
    assert (told["items"], told["batch"]) == (2, batch_id)


def test_a_saved_playlist_leads_to_the_server(shell: Shell, local: Served, tmp_path: Path) -> None:
    batch_id = named(local, "to be played")

    said = shell("export", batch_id, "-f", "playlist", "-o", tmp_path)

    assert said.code == 0, said.err
    assert "its links hold until" in said.out
    (path,) = tmp_path.iterdir()
    links = [line for line in path.read_text("utf-8").splitlines() if not line.startswith("#")]
    assert [httpx.get(link, trust_env=False).content for link in links] == [b"the first", b"the second"]


def test_what_cannot_be_done_is_refused_with_the_way_out(shell: Shell, local: Served, tmp_path: Path) -> None:
    named(local, "refused")
    local.order(files=1, name="still pending")

    unknown = shell("export", "no such batch")
    pending = shell("export", "still pending", "-o", tmp_path)
    wrong = shell("export", "refused", "-f", "merged", "--pattern", "{name}.{ext}")
    pattern = shell("export", "refused", "--pattern", "{nonsense}", "-o", tmp_path)
    form = shell("export", "refused", "-f", "tar")

    assert (unknown.code, pending.code, wrong.code, pattern.code, form.code) == (1, 1, 2, 2, 2)
    assert "no batch" in unknown.err
    assert "when it has ended" in pending.err
    assert "--pattern is for archives" in wrong.err
    assert "knows no “{nonsense}”" in pattern.err
    assert all(said.err.count("\n") == 1 for said in (unknown, pending, wrong, pattern, form))
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_cannot_be_written_is_named(shell: Shell, local: Served, tmp_path: Path) -> None:
    named(local, "nowhere")
    (tmp_path / "file").write_text("not a folder")

    said = shell("export", "nowhere", "--out", tmp_path / "file")

    assert said.code == 2
    assert str(tmp_path / "file") in said.err


def test_without_a_server_the_command_does_it_itself(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with site(tmp_path / "data", idle=True) as running:
        local = Served(running, LOCAL_OWNER)
        batch_id = made(local, BATCH)
        local.close()
    shell = Shell(tmp_path / "data", capsys)

    archive = shell("export", batch_id, "-o", tmp_path / "out")
    merged = shell("export", batch_id, "-f", "merged", "-o", tmp_path / "out", "--json")
    playlist = shell("export", batch_id, "-f", "playlist", "-o", tmp_path / "out")

    assert archive.code == 0, archive.err
    assert merged.code == 0, merged.err
    document = Path(merged.told("exported")[0]["path"])
    assert document.suffix in (".md", ".json")
    text = document.read_text("utf-8")
    assert "the first" in text or json.loads(text)
    assert playlist.code == 2
    assert "--format zip" in playlist.err
