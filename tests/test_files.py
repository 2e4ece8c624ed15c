"""Files: whole or not at all, one program for each home, the disk's faults by sentence."""

import errno
import os

import pytest

from app import files
from app.errors import EnvironmentFault
from app.files import InstanceLock, atomic_file, disk_fault, require_free_space, write_atomically


def test_a_failed_write_leaves_the_former_file_and_no_scrap(tmp_path):
    target = tmp_path / "表.xlsx"
    write_atomically(target, b"former")

    def fail():
        with atomic_file(target) as out:
            out.write(b"half of the new")
            raise OSError(errno.ENOSPC, "No space left on device")

    with pytest.raises(EnvironmentFault, match=r"disk\.full"):
        fail()
    assert target.read_bytes() == b"former"
    assert os.listdir(tmp_path) == ["表.xlsx"]


def test_a_missing_folder_is_named(tmp_path):
    with pytest.raises(EnvironmentFault, match=r"disk\.missing") as caught:
        write_atomically(tmp_path / "gone" / "a", b"")
    assert caught.value.problem.where.file.endswith("a")


@pytest.mark.parametrize(
    "number, code",
    [
        (errno.ENOSPC, "disk.full"),
        (errno.EROFS, "disk.read_only"),
        (errno.EACCES, "disk.no_permission"),
        (errno.EIO, "disk.failed"),
    ],
)
def test_each_complaint_of_the_disk_has_its_own_sentence(number, code):
    assert disk_fault(OSError(number, os.strerror(number)), "x").problem.code == code


def test_more_than_the_disk_holds_is_refused_before_it_is_written(tmp_path):
    with pytest.raises(EnvironmentFault, match=r"disk\.too_small"):
        require_free_space(tmp_path, 1 << 60)


def test_a_lock_is_held_once_and_given_back(tmp_path):
    first, second = InstanceLock(tmp_path), InstanceLock(tmp_path)
    first.acquire()
    with pytest.raises(EnvironmentFault, match=r"home\.in_use"):
        second.acquire()
    first.release()
    second.acquire()
    second.release()


def test_resources_are_where_the_program_looks():
    assert files.resource("wording", "labels.toml").is_file()
    assert files.catalog("models", "migrations", "env.py").is_file()
