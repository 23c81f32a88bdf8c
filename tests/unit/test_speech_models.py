import json
from pathlib import Path

import pytest

from reelyard.tools.speech.models import find_models, hub_cache


def model(folder: Path, *, tokens: tuple[str, ...] = ("a", ""), weights: bytes = b"weights") -> Path:
    folder.mkdir(parents=True)
    (folder / "model.bin").write_bytes(weights)
    (folder / "vocabulary.json").write_text(json.dumps(tokens))
    return folder


@pytest.fixture
def nowhere(tmp_path: Path) -> dict[str, str]:
    return {"HF_HUB_CACHE": str(tmp_path / "nowhere")}


def test_a_machine_without_models_has_none(nowhere: dict[str, str]) -> None:
    assert find_models(nowhere) == ()


def test_a_folder_can_be_named(tmp_path: Path, nowhere: dict[str, str]) -> None:
    folder = model(tmp_path / "mine")

    (found,) = find_models({**nowhere, "REELYARD_WHISPER_MODEL": str(folder)})

    assert (found.name, found.folder, found.multilingual) == ("mine", folder, True)


def test_a_folder_of_models_can_be_named_and_one_of_them_preferred(
    tmp_path: Path, nowhere: dict[str, str]
) -> None:
    model(tmp_path / "models" / "a.en")
    model(tmp_path / "models" / "b", tokens=("a",))
    (tmp_path / "models" / "empty").mkdir()
    environ = {**nowhere, "REELYARD_MODELS": str(tmp_path / "models"), "REELYARD_WHISPER_MODEL": "b"}

    assert [(m.name, m.multilingual) for m in find_models(environ)] == [("b", False), ("a.en", False)]


def test_models_of_the_hub_are_found_by_their_short_names(tmp_path: Path) -> None:
    repository = tmp_path / "models--Systran--faster-whisper-small"
    model(repository / "snapshots" / "abc")
    (repository / "refs").mkdir()
    (repository / "refs" / "main").write_text("abc")

    assert [m.name for m in find_models({"HF_HUB_CACHE": str(tmp_path)})] == ["small"]


def test_a_half_fetched_model_is_not_there(tmp_path: Path) -> None:
    (tmp_path / "models--Systran--faster-whisper-small" / "refs").mkdir(parents=True)
    (tmp_path / "models--Systran--faster-whisper-small" / "refs" / "main").write_text("abc")

    assert find_models({"HF_HUB_CACHE": str(tmp_path)}) == ()


def test_the_digest_changes_with_the_weights_though_their_size_is_the_same(
    tmp_path: Path, nowhere: dict[str, str]
) -> None:
    model(tmp_path / "models" / "one", weights=b"weights 1")
    model(tmp_path / "models" / "same", weights=b"weights 1")
    model(tmp_path / "models" / "two", weights=b"weights 2")

    one, same, two = find_models({**nowhere, "REELYARD_MODELS": str(tmp_path / "models")})

    assert one.digest() == same.digest() != two.digest()


def test_an_old_vocabulary_is_a_text(tmp_path: Path, nowhere: dict[str, str]) -> None:
    folder = model(tmp_path / "old")
    (folder / "vocabulary.json").unlink()
    (folder / "vocabulary.txt").write_text("a\n\nb\n")

    assert find_models({**nowhere, "REELYARD_WHISPER_MODEL": str(folder)})[0].multilingual


def test_the_hub_keeps_its_files_where_it_is_told() -> None:
    assert hub_cache({"HF_HOME": "/x"}) == Path("/x/hub")
    assert hub_cache({"XDG_CACHE_HOME": "/c"}) == Path("/c/huggingface/hub")
    assert hub_cache({"HF_HUB_CACHE": "/h", "HF_HOME": "/x"}) == Path("/h")
