"""Whatever is done to a package, at any layer: refused by sentence, nothing changed, no crash."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.torture import fuzz
from tests.torture.stage import Stage


def tried(stage: Stage, folder: Path, count: int) -> fuzz.Tally:
    with (
        stage.opened("office", stage.fresh("office", folder)) as office,
        stage.opened("laptop", stage.fresh("laptop", folder)) as laptop,
    ):
        tally = fuzz.run(office, laptop, folder, count)
    for layer, number in tally.tried.most_common():
        print(f"{number:7} {layer}")
    print(f"{tally.tried.total():7} mutated; {dict(tally.codes.most_common())}")
    return tally


def test_mutated_packages_are_refused(stage: Stage, tmp_path: Path) -> None:
    tally = tried(stage, tmp_path, 300)
    assert tally.wrong == []
    assert len(tally.tried) == len(fuzz.LAYERS)


@pytest.mark.torture
def test_a_hundred_thousand_mutated_packages_are_refused(stage: Stage, tmp_path: Path) -> None:
    tally = tried(stage, tmp_path, int(os.environ.get("CHAYAN_PACKAGES", "100000")))
    assert tally.wrong == []
