"""What holds for all tests."""

from hypothesis import settings

# A slow machine is no failure: how fast something is belongs in a benchmark.
settings.register_profile("course", deadline=None)
settings.load_profile("course")
