"""A public address: hub configurations name ``maatwerk_grading.hub``; it lives in the app now."""

from maatwerk_app.jupyterhub import HubCourse, configure

__all__ = ["HubCourse", "configure"]
