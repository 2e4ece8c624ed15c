"""Making and opening a home: owner, lock, refusals."""

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
