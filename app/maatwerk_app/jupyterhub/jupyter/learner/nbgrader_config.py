# nbgrader on a learner's server. The hub gives these names; see maatwerk_app/jupyterhub/settings.py.
import os

c = get_config()  # noqa: F821  (nbgrader provides get_config)
c.CourseDirectory.course_id = os.environ["MAATWERK_COURSE"]
# A course that another learner put in the exchange is none.
c.Authenticator.plugin_class = "maatwerk_app.jupyterhub.one_course.OneCourse"
c.Exchange.root = os.environ["MAATWERK_EXCHANGE"]
# Whoever logged in on the hub hands in, also where every server runs as one and the same system user.
c.CourseDirectory.student_id = os.environ["JUPYTERHUB_USER"]
