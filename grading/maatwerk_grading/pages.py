"""A public address: Jupyter configurations name this server extension; it lives in the app now."""

from maatwerk_app.voila import _jupyter_server_extension_points, _load_jupyter_server_extension

__all__ = ["_jupyter_server_extension_points", "_load_jupyter_server_extension"]
