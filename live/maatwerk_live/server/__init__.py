"""The workshop as a server: connections, storage, admission and routes."""
