"""The folder: private from the first moment, one cloud at a time."""

import os
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest

from local_cloud.folder import READY, Folder, FolderUnusable


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


@pytest.fixture
def careless() -> Iterator[None]:
    """A shell whose files are public unless somebody cares."""
    before = os.umask(0o000)
    yield
    os.umask(before)


@pytest.mark.usefixtures("careless")
def test_a_file_is_private_before_it_gets_its_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = Folder(tmp_path / "folder")
    move, seen = Path.replace, []

    def watched(fresh: Path, target: Path) -> Path:
        seen.append(mode(fresh))
        return move(fresh, target)

    monkeypatch.setattr(Path, "replace", watched)
    folder.write("secret", "text")
    assert seen == [0o600]
    assert mode(folder.path) == 0o700
    folder.leave()


def test_a_public_file_of_before_is_replaced_by_a_private_one(tmp_path: Path) -> None:
    tmp_path.chmod(0o755)
    old = tmp_path / "credentials"
    old.write_text("old")
    old.chmod(0o644)
    folder = Folder(tmp_path)
    folder.write("credentials", "new")
    assert (mode(tmp_path), mode(old), old.read_text()) == (0o700, 0o600, "new")
    folder.leave()


def test_a_link_is_replaced_and_not_followed(tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.write_text("untouched")
    folder = Folder(tmp_path / "folder")
    (folder.path / "credentials").symlink_to(elsewhere)
    (folder.path / ".credentials.new").symlink_to(elsewhere)
    folder.write("credentials", "secret")
    assert elsewhere.read_text() == "untouched"
    assert not (folder.path / "credentials").is_symlink()
    folder.leave()


def test_a_folder_belongs_to_one_cloud_until_it_leaves(tmp_path: Path) -> None:
    first = Folder(tmp_path)
    with pytest.raises(FolderUnusable, match="is running"):
        Folder(tmp_path)
    first.leave()
    Folder(tmp_path).leave()


def test_what_a_killed_cloud_left_is_taken_away(tmp_path: Path) -> None:
    (tmp_path / READY).write_text("{}")
    (tmp_path / "state" / "tmp").mkdir(parents=True)
    folder = Folder(tmp_path)
    assert not (tmp_path / READY).exists()
    assert not (tmp_path / "state").exists()
    folder.leave()


def test_leaving_takes_the_ready_file_and_the_state_along(tmp_path: Path) -> None:
    folder = Folder(tmp_path)
    folder.write_json(READY, {"ready": True})
    folder.state.mkdir()
    folder.leave()
    assert not (tmp_path / READY).exists()
    assert not (tmp_path / "state").exists()
