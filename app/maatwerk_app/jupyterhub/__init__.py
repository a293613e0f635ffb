"""The course on a school's JupyterHub: many learners, one exchange, one formgrader."""

from maatwerk_app.jupyterhub.settings import HubCourse, configure

__all__ = ["HubCourse", "configure"]
