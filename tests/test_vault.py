"""The vault: passphrase, recovery, signatures, and evidence that comes back byte for byte."""

import hashlib
import io
import os
import shutil
from pathlib import Path

import pyrage
import pytest

from app import vault
from app.errors import BadInput, EnvironmentFault
from app.vault import KEY_FILE, PublicKeys, Vault, verified

PASSPHRASE = "correct horse battery"


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Vault, pyrage.x25519.Identity]:
    home, office = tmp_path_factory.mktemp("home"), pyrage.x25519.Identity.generate()
    made = vault.create(home, PASSPHRASE, str(office.to_public()))
    vault.settle(home)
    return home, made, office


def test_the_passphrase_opens_the_same_keys(made):
    home, first, _ = made
    again = vault.unlock(home, PASSPHRASE)
    assert again.public == first.public
    assert again.database_key == first.database_key


def test_a_wrong_passphrase_is_not_called_damage(made):
    with pytest.raises(EnvironmentFault, match=r"vault\.wrong_passphrase"):
        vault.unlock(made[0], "incorrect horse battery")


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 something else", b"age-encryption.org/v1\n-> scrypt"])
def test_a_damaged_key_file_is_not_called_a_wrong_passphrase(tmp_path, content):
    (tmp_path / KEY_FILE).write_bytes(content)
    with pytest.raises(EnvironmentFault, match=r"vault\.damaged"):
        vault.unlock(tmp_path, PASSPHRASE)


def test_the_office_recovers_a_forgotten_passphrase(made, tmp_path):
    home, first, office = made
    for name in (KEY_FILE, vault.RECOVERY_FILE):
        (tmp_path / name).write_bytes((home / name).read_bytes())
    vault.recover(tmp_path, str(office), "another passphrase")
    assert vault.unlock(tmp_path, "another passphrase").public == first.public


def test_an_existing_vault_is_never_replaced(made):
    before = (made[0] / KEY_FILE).read_bytes()
    with pytest.raises(EnvironmentFault, match=r"vault\.exists"):
        vault.create(made[0], PASSPHRASE)
    assert (made[0] / KEY_FILE).read_bytes() == before


def test_a_short_passphrase_or_bad_recovery_key_makes_nothing(tmp_path):
    with pytest.raises(BadInput, match=r"vault\.short_passphrase"):
        vault.create(tmp_path / "a", "1234567")
    with pytest.raises(BadInput, match=r"vault\.bad_recovery"):
        vault.create(tmp_path / "b", PASSPHRASE, "age1nonsense")
    assert not vault.exists(tmp_path / "a")
    assert not vault.exists(tmp_path / "b")


def test_signatures_hold_for_their_message_and_device_only(made):
    _, mine, _ = made
    other = PublicKeys(mine.public.recipient, "00" * 32)
    signature = mine.sign(b"revision")
    assert mine.public.verify(signature, b"revision")
    assert not mine.public.verify(signature, b"revisions")
    assert not mine.public.verify(signature[:-1], b"revision")
    assert not other.verify(signature, b"revision")
    assert len(mine.public.fingerprint) == 19


def test_of_many_signatures_each_is_judged_by_itself(made):
    _, mine, _ = made
    messages = [b"revision %d" % number for number in range(250)]
    signed = [(mine.public, mine.sign(message), message) for message in messages]
    signed[7] = (mine.public, mine.sign(b"another"), messages[7])
    signed[249] = (PublicKeys(mine.public.recipient, "00" * 32), *signed[249][1:])
    assert [number for number, holds in enumerate(verified(signed)) if not holds] == [7, 249]
    assert len(verified(signed)) == 250
    assert verified(signed[5:9]) == [True, True, False, True]


@pytest.mark.parametrize("size", [0, 1, 65536, 3_000_001])
def test_evidence_comes_back_byte_for_byte_and_is_stored_once(made, size):
    store = made[1].evidence
    data = os.urandom(size)
    sha256, stored = store.put(io.BytesIO(data), size)
    assert store.put(io.BytesIO(data), size) == (sha256, stored) == (sha256, size)
    assert store.read(sha256) == data
    assert list(store.names()).count(sha256) == 1
    if size > 32:
        assert data[:32] not in store.path(sha256).read_bytes()


def test_damaged_or_missing_evidence_is_named(made):
    store = made[1].evidence
    sha256 = store.put_bytes(b"photo of a certificate" * 100)
    path = store.path(sha256)
    path.write_bytes(path.read_bytes()[:-5])
    with pytest.raises(EnvironmentFault, match=r"vault\.evidence_damaged"):
        store.read(sha256)
    store.remove(sha256)
    with pytest.raises(EnvironmentFault, match=r"disk\.missing"):
        store.read(sha256)


def test_evidence_under_another_name_is_not_what_it_was(made):
    store = made[1].evidence
    first, second = store.put_bytes(b"first photo"), store.put_bytes(b"second photo")
    store.path(first).write_bytes(store.path(second).read_bytes())
    with pytest.raises(EnvironmentFault, match=r"vault\.evidence_damaged"):
        store.read(first)
    assert store.read(second) == b"second photo"


def test_what_is_here_is_not_written_again(made):
    store = made[1].evidence
    path = store.path(store.put_bytes(b"the same photo twice"))
    before = path.read_bytes()
    store.put_bytes(b"the same photo twice")
    assert path.read_bytes() == before


def as_formerly(mine: Vault, name: bytes, data: bytes) -> str:
    """Evidence as former builds kept it: an age file to the home's own key."""
    sha256 = hashlib.sha256(name).hexdigest()
    path = mine.evidence.path(sha256)
    path.parent.mkdir(exist_ok=True)
    recipient = pyrage.x25519.Recipient.from_str(mine.public.recipient)
    path.write_bytes(pyrage.encrypt(data, [recipient]))
    return sha256


@pytest.mark.parametrize("size", [0, 1, 65536, 200_000])
def test_evidence_of_a_former_build_is_read(made, size):
    data = os.urandom(size)
    sha256 = as_formerly(made[1], data, data)
    assert made[1].evidence.read(sha256) == data
    assert made[1].evidence.size(sha256) == size


def test_evidence_of_a_former_build_that_was_changed_or_renamed_is_refused(made):
    store = made[1].evidence
    renamed = as_formerly(made[1], b"its own", b"of another")
    cut, headless = as_formerly(made[1], b"cut", b"cut"), as_formerly(made[1], b"head", b"head")
    store.path(cut).write_bytes(store.path(cut).read_bytes()[:-1])
    store.path(headless).write_bytes(store.path(headless).read_bytes()[:60])
    for sha256 in (renamed, cut, headless):
        with pytest.raises(EnvironmentFault, match=r"vault\.evidence_damaged"):
            store.read(sha256)
    with pytest.raises(EnvironmentFault, match=r"vault\.evidence_damaged"):
        store.size(headless)


def test_the_office_recovers_the_evidence_too(made, tmp_path):
    home, first, office = made
    sha256 = first.evidence.put_bytes(b"photo that must be read without the passphrase")
    shutil.copytree(home, tmp_path / "home")
    recovered = vault.recover(tmp_path / "home", str(office), "another passphrase")
    assert recovered.evidence.read(sha256) == b"photo that must be read without the passphrase"


def test_another_home_cannot_read_the_evidence(made, tmp_path):
    sha256 = made[1].evidence.put_bytes(b"photo of this home")
    stranger = Vault(tmp_path, str(pyrage.x25519.Identity.generate()), b"s" * 32, b"d" * 32)
    target = stranger.evidence.path(sha256)
    target.parent.mkdir()
    target.write_bytes(made[1].evidence.path(sha256).read_bytes())
    with pytest.raises(EnvironmentFault, match=r"vault\.evidence_damaged"):
        stranger.evidence.read(sha256)


def test_a_failed_copy_leaves_no_scrap(made):
    class Breaks(io.BytesIO):
        def read(self, size=-1):
            raise OSError(28, "No space left on device")

    store = made[1].evidence
    before = sorted(store.folder.rglob("*"))
    with pytest.raises(EnvironmentFault, match=r"disk\.full"):
        store.put(Breaks())
    assert sorted(store.folder.rglob("*")) == before
