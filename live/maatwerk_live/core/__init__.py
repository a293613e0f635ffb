"""The workshop as pure functions: what may happen, what it becomes, and what screens may show."""
