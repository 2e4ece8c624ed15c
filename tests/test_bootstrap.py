"""Making and opening a home: owner, lock, refusals."""

import shutil

import pytest

from app import bootstrap, vault
from app.errors import BadInput, EnvironmentFault
from app.services.workplace import Owner
from app.vocabulary import Role

PASSPHRASE = "correct horse battery"


def test_a_home_remembers_its_owner(laptop):
    assert laptop.owner == Owner(Role.INSPECTOR, "袁州区市场监督管理局", "彭建华", "赣C36090001")


def test_a_second_program_is_refused(laptop):
    with pytest.raises(EnvironmentFault, match=r"home\.in_use"):
        bootstrap.open_home(laptop.home, PASSPHRASE)


def test_a_missing_home_is_named(tmp_path):
    with pytest.raises(EnvironmentFault, match=r"vault\.missing"):
        bootstrap.open_home(tmp_path / "nowhere", PASSPHRASE)


def test_an_inspector_needs_a_credential_and_nothing_is_left(tmp_path):
    with pytest.raises(BadInput, match=r"home\.no_credential"):
        bootstrap.create_home(tmp_path / "h", PASSPHRASE, Owner(Role.INSPECTOR, "局", "名", " "))
    assert not (tmp_path / "h").exists()


def test_a_home_that_could_not_be_made_leaves_no_vault(tmp_path, monkeypatch):
    def full(*_):
        raise EnvironmentFault("disk.full")

    monkeypatch.setattr(bootstrap, "open_store", full)
    with pytest.raises(EnvironmentFault, match=r"disk\.full"):
        bootstrap.create_home(tmp_path / "h", PASSPHRASE, Owner(Role.SUPERVISOR, "局", "名", ""))
    assert not vault.exists(tmp_path / "h")


SUPERVISOR = Owner(Role.SUPERVISOR, "局", "名", "")


class Killed(BaseException):
    """Stands for SIGKILL: nobody catches it."""


@pytest.mark.parametrize("step", ["open_store", "_introduce"])
def test_a_killed_creation_is_no_home_and_the_next_one_succeeds(tmp_path, monkeypatch, step):
    real = getattr(bootstrap, step)

    def killed(*given):
        real(*given)
        raise Killed

    home = tmp_path / "h"
    with monkeypatch.context() as patch:
        patch.setattr(bootstrap, step, killed)
        with pytest.raises(Killed):
            bootstrap.create_home(home, PASSPHRASE, SUPERVISOR)
    with pytest.raises(EnvironmentFault, match=r"vault\.missing"):
        bootstrap.open_home(home, PASSPHRASE)
    with bootstrap.create_home(home, PASSPHRASE, SUPERVISOR) as place:
        assert place.owner == SUPERVISOR
    assert not (home / vault.NEW_FILE).exists()


def test_a_store_whose_key_file_went_astray_is_never_overwritten(office):
    office.store.close()
    (office.home / vault.KEY_FILE).rename(office.home / "elsewhere")
    (office.home / "lock").unlink()
    before = (office.home / "store.db").read_bytes()
    with pytest.raises(EnvironmentFault, match=r"home\.store_without_vault"):
        bootstrap.create_home(office.home, PASSPHRASE, SUPERVISOR)
    assert (office.home / "store.db").read_bytes() == before
    assert not vault.exists(office.home)


def test_opening_makes_no_store_where_one_is_missing(tmp_path, office_template):
    shutil.copytree(office_template, home := tmp_path / "h")
    (home / "store.db").unlink()
    with pytest.raises(EnvironmentFault, match=r"store\.missing"):
        bootstrap.open_home(home, PASSPHRASE)
    assert not (home / "store.db").exists()
