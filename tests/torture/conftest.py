"""One set of homes for all torture; the long runs are asked for with ``-m torture``."""

from __future__ import annotations

import pytest

from tests.torture.stage import Stage, make_stage


@pytest.fixture(scope="session")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Stage:
    return make_stage(tmp_path_factory.mktemp("stage"))
