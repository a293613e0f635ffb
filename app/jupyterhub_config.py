# JupyterHub for the course Maatwerk, on one machine: many learners, one exchange, one formgrader.
#
#     jupyterhub --config jupyterhub_config.py
#
# What each line does, and what your school must still arrange: docs/nl/jupyterhub.md, docs/en/jupyterhub.md.
from pathlib import Path

from maatwerk_app.jupyterhub import HubCourse, configure

c = get_config()  # noqa: F821  (JupyterHub provides get_config)

# --- What you fill in ----------------------------------------------------------------------------------
COURSE = HubCourse(
    language="nl",
    # Made with: maatwerk teach init /srv/maatwerk/cursus
    folder=Path("/srv/maatwerk/cursus"),
    # Made with: install -d -m 1777 /srv/maatwerk/exchange
    # and, so that nobody else can: install -d -o maatwerk -m 755 /srv/maatwerk/exchange/maatwerk-nl
    exchange=Path("/srv/maatwerk/exchange"),
    instructors=["docent"],
    facilitators=["docent"],
    # Made with: useradd --system maatwerk; the course folder is theirs
    account="maatwerk",
)
configure(c, COURSE)

# --- What your school decides --------------------------------------------------------------------------
# Who may log in: here, who has an account on this machine and is in the group 'cursisten' or 'docenten'.
c.JupyterHub.authenticator_class = "pam"
c.LocalAuthenticator.allowed_groups = {"cursisten", "docenten"}
# How servers start: here, as processes of that person on this machine.
c.JupyterHub.spawner_class = "localprocess"
# Where the hub listens: on this machine only, behind a web server that has your certificate.
c.JupyterHub.bind_url = "http://127.0.0.1:8000"
# What the hub keeps: its cookies and its list of servers. For root's eyes only.
c.JupyterHub.db_url = "sqlite:////srv/maatwerk/hub/jupyterhub.sqlite"
c.JupyterHub.cookie_secret_file = "/srv/maatwerk/hub/cookie_secret"
c.ConfigurableHTTPProxy.pid_file = "/srv/maatwerk/hub/proxy.pid"
