"""form list, print --batch and numbers on a real home."""

from __future__ import annotations

from tests.services.talks import TALK


def test_an_offices_form_is_listed_and_printed_without_opening_the_home(console, office_home, tmp_path):
    (office_home / "forms").mkdir()
    (office_home / "forms" / "talk.toml").write_text(TALK, "utf8")
    (office_home / "forms" / "bad.toml").write_text("id = ", "utf8")
    said = console("form", "list", "--home", office_home, "--json").document
    (row,) = [row for row in said["forms"] if row["id"] == "talk"]
    assert (row["about"], row["kept"], row["numbered"], row["unverified"]) == ("inspection", True, True, 1)
    assert [problem["where"]["file"] for problem in said["problems"]] == ["bad.toml"]
    out = tmp_path / "talk.pdf"
    assert console("form", "print", "--blank", "--form", "talk", "--home", office_home, "-o", out).code == 0
    assert out.read_bytes().startswith(b"%PDF")


def test_a_batch_without_anything_says_so(console, office_home, tmp_path):
    out = tmp_path / "day.pdf"
    said = console("form", "print", "--batch", "--day", "2026-08-12", "-o", out, "--json")
    assert (said.code, said.document["problems"][0]["code"]) == (3, "batches.nothing")
    assert not out.exists()
    assert console("form", "print", "--batch", "-o", out).code == 2


def test_blank_forms_are_printed_many_at_once(console, office_home, tmp_path):
    out = tmp_path / "blank.pdf"
    blank = ("form", "print", "--batch", "--blank", "--form", "checklist", "--form", "on-site-record")
    said = console(*blank, "--copies", "3", "--type", "CMA_LAB", "-o", out, "--json")
    assert (said.code, said.document["papers"], said.document["visits"]) == (0, 6, 0)
    assert out.read_bytes().startswith(b"%PDF")
    said = console(*blank[:4], "--form", "none", "-o", out, "--json")
    assert said.document["problems"][0]["code"] == "issuing.unknown_form"
    day = ("form", "print", "--batch", "--day", "2026-08-12", "-o", out)
    assert console(*day, "--copies", "3").code == 2
    assert console(*day, "--type", "CMA_LAB").code == 2
    assert console("form", "print", "--blank", "--form", "checklist", "--form", "on-site-record").code == 2


def test_numbers_of_an_empty_home(console, office_home):
    said = console("form", "numbers")
    assert (said.code, said.out.strip()) == (0, "还没有用过文号")
    assert console("form", "numbers", "--json").document["series"] == []
