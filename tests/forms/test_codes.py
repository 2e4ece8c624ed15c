"""What the code of a page says, and what is no such code."""

import pytest

from app.forms.codes import Code, copy_mark, read_code

CODE = Code("0f" * 16, "ab" * 32, "inspection-record", 2, 3, copy_mark("k1"), "0123456789ab")


def test_a_code_reads_back_and_stays_small_enough_for_a_bad_scan():
    text = CODE.text()
    assert read_code(text) == CODE
    # Capitals, digits and few marks: 154 of them go into a code of 41 modules with medium correction.
    assert text == text.upper()
    assert len(text) <= 154


def test_pages_that_former_builds_printed_are_read():
    assert read_code(f"chayan:{'0f' * 16}:{'ab' * 32}") == Code("0f" * 16, "ab" * 32)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "https://example.org/" + "0f" * 16,
        "chayan:",
        f"chayan:{'0f' * 16}:{'ab' * 31}",
        f"chayan:{'zz' * 16}:{'ab' * 32}",
        f"CHAYAN:{'0F' * 16}:{'AB' * 32}:A:3/2::",
        f"CHAYAN:{'0F' * 16}:{'AB' * 32}:A:0/2::",
        f"CHAYAN:{'0F' * 16}:{'AB' * 32}:A:1/99999::",
        f"CHAYAN:{'0F' * 16}:{'AB' * 32}:{'A' * 61}:1/2::",
        f"CHAYAN:{'0F' * 16}:{'AB' * 32}:../../A:1/2::",
        "chayan:" + "0" * 3000,
    ],
)
def test_anything_else_is_no_code(text):
    assert read_code(text) is None


def test_marks_tell_copies_apart():
    assert copy_mark("") == ""
    assert copy_mark("k1") != copy_mark("k2")
    assert len(copy_mark("k" * 500)) == 8
