"""A public address: Jupyter configurations name this server extension."""

from maatwerk_live.server.jupyter import _jupyter_server_extension_points, _load_jupyter_server_extension

__all__ = ["_jupyter_server_extension_points", "_load_jupyter_server_extension"]
