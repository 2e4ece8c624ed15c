"""Settings are changed in their file; what the file says otherwise stays."""

from __future__ import annotations

import pytest

from app.errors import BadInput
from app.services import configuring
from app.services.workplace import Workplace
from app.settings import FILE


def test_a_change_keeps_the_rest(office: Workplace):
    path = office.home / FILE
    path.write_text('contact = "黎国平"\nlater = 3\n', "utf8")
    configuring.configure(office, theme="dark")
    assert configuring.present(office).contact == "黎国平"
    assert configuring.present(office).theme == "dark"
    assert "later" in path.read_text("utf8")


def test_nothing_changed_writes_nothing(office: Workplace):
    configuring.configure(office, theme="system")
    assert not (office.home / FILE).exists()


def test_a_file_that_cannot_be_read_is_not_overwritten(office: Workplace):
    (office.home / FILE).write_text("contact = \n", "utf8")
    with pytest.raises(BadInput, match=r"settings\.not_toml"):
        configuring.configure(office, theme="dark")
    assert (office.home / FILE).read_text("utf8") == "contact = \n"
