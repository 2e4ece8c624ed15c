"""Settings: typed, and what is wrong is said rather than dropped."""

from datetime import date

from app import settings


def write(home, text):
    (home / settings.FILE).write_text(text, "utf8")
    return settings.load(home)


def test_without_a_file_the_defaults_hold(tmp_path):
    assert settings.load(tmp_path) == (settings.Settings(), ())


def test_values_are_read(tmp_path):
    options, problems = write(tmp_path, 'contact = "黎国平"\nextra_holidays = [2027-02-05, 2027-02-06]\n')
    assert (options.contact, options.extra_holidays) == ("黎国平", (date(2027, 2, 5), date(2027, 2, 6)))
    assert problems == ()


def test_unknown_keys_and_wrong_types_are_reported_and_the_rest_holds(tmp_path):
    options, problems = write(tmp_path, 'idle_minuts = 9\nidle_minutes = "nine"\ncount_fines_only = true\n')
    assert [(problem.code, problem.values["key"]) for problem in problems] == [
        ("settings.unknown_key", "idle_minuts"),
        ("settings.wrong_type", "idle_minutes"),
    ]
    assert (options.idle_minutes, options.count_fines_only) == (5, True)
    assert options.unknown == {"idle_minuts": 9}


def test_a_file_that_is_no_toml_is_said_so(tmp_path):
    options, [problem] = write(tmp_path, "contact = \n")
    assert options == settings.Settings()
    assert problem.code == "settings.not_toml"


def test_what_is_written_is_read_back(tmp_path):
    said = settings.Settings(
        contact='黎"国\\平\x7f', idle_minutes=0, count_fines_only=True, extra_holidays=(date(2027, 2, 5),),
        unknown={"later": {"名": ["a", 1, False]}, "rate": 1.5},
    )  # fmt: skip
    options, problems = write(tmp_path, settings.written(said))
    assert options == said
    assert {problem.code for problem in problems} == {"settings.unknown_key"}


def test_defaults_need_no_line():
    assert settings.written(settings.Settings()) == ""
