"""Whatever happens to tabs, Pythons and disks, 'saved' is true and nothing is lost.

More of it, by hand: ``python -m tests.saving --sequences 1000``.
"""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck
from machine import run

pytestmark = pytest.mark.xdist_group("saving states")


def test_in_any_order_of_kills_reloads_and_full_disks_saved_is_true_and_nothing_is_lost() -> None:
    counted = run(15, derandomize=True, suppress_health_check=list(HealthCheck))
    assert counted["sequences"] >= 15
    assert counted["called saved"] > 0
    assert counted["words"] > 0
