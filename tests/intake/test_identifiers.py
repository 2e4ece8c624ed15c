from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.intake.identifiers import (
    ALPHABET,
    body_check_digit,
    body_code,
    code_state,
    credit_check_digit,
    is_credit_code,
    is_old_code,
    normalised_code,
    normalised_number,
    number_fits_scheme,
    scheme_of_number,
)
from app.vocabulary import Scheme

PUBLIC = ["914403001922038216", "9144030071526726XG", "91330100799655058B", "91110000802100433B"]

heads = st.builds(
    lambda kind, region, body: kind + region + body,
    st.text(ALPHABET, min_size=2, max_size=2),
    st.text("0123456789", min_size=6, max_size=6),
    st.text(ALPHABET, min_size=9, max_size=9),
)
codes = heads.map(lambda head: head + credit_check_digit(head))


@pytest.mark.parametrize("code", PUBLIC)
def test_public_codes_pass_both_checks(code):
    assert is_credit_code(code)
    assert is_old_code(body_code(code))
    assert code_state(code) == "ok"


@pytest.mark.parametrize("code", ["914403001922038217", "91330100799655058C"])
def test_a_wrong_check_digit_is_seen(code):
    assert not is_credit_code(code)
    assert code_state(code) == "bad"


@pytest.mark.parametrize(
    "code, state",
    [
        ("", ""),
        ("192203821", "old"),
        ("71526726X", "old"),
        ("97R5NQ722", "old"),
        ("360902100012345", "bad"),
        ("91440300192203821", "bad"),
        ("9144030019220382I6", "bad"),
        ("9144O3001922038216", "bad"),
    ],
)
def test_state_of_other_codes(code, state):
    assert code_state(code) == state


@given(codes, st.integers(0, 17), st.sampled_from(ALPHABET))
def test_any_single_changed_character_is_detected(code, at, character):
    changed = code[:at] + character + code[at + 1 :]
    assert is_credit_code(changed) == (changed == code)


@given(codes, st.integers(0, 16))
def test_two_swapped_neighbours_are_detected(code, at):
    swapped = code[:at] + code[at + 1] + code[at] + code[at + 2 :]
    assert is_credit_code(swapped) == (swapped == code)


@given(st.text("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ", min_size=8, max_size=8))
def test_an_old_code_carries_its_own_check(body):
    assert is_old_code(body + body_check_digit(body))


@given(st.text(max_size=24))
def test_no_text_breaks_the_check(text):
    assert code_state(normalised_code(text)) in ("", "ok", "old", "bad")
    normalised_number(text)


@pytest.mark.parametrize(
    "given_text, stored",
    [
        (" 9144 0300 1922 0382 16\n", "914403001922038216"),
        ("９１４４０３００１９２２０３８２１６", "914403001922038216"),
        ("91440300\u00a071526726xg", "9144030071526726XG"),
        ("19220382-1", "192203821"),
    ],
)
def test_codes_are_stored_in_one_form(given_text, stored):
    assert normalised_code(given_text) == stored


def test_certificate_numbers_keep_their_hyphens():
    assert normalised_number(" 001op1200001-2 ") == "001OP1200001-2"


@pytest.mark.parametrize(
    "number, scheme, fits",
    [
        ("2016010901123456", Scheme.CCC, True),
        ("201601090112345", Scheme.CCC, False),
        ("001OP1200001", Scheme.ORGANIC, True),
        ("0052OP2296976-1", Scheme.ORGANIC, True),
        ("F01OP1200001", Scheme.ORGANIC, True),
        ("OP1200001", Scheme.ORGANIC, False),
        ("03521Q11029R0S", Scheme.MANAGEMENT_SYSTEM, True),
        ("anything", Scheme.SELENIUM, True),
    ],
)
def test_number_shapes_are_hints(number, scheme, fits):
    assert number_fits_scheme(number, scheme) is fits


def test_a_scheme_is_guessed_only_from_a_clear_shape():
    assert scheme_of_number("2016010901123456") is Scheme.CCC
    assert scheme_of_number("001OP1200001") is Scheme.ORGANIC
    assert scheme_of_number("FX202527363") is None
