"""What is measured by hand: ``python -m benchmarks.live``. No part of the tests, whose machines differ."""
