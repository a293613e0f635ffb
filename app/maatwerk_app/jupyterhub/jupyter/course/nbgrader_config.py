# nbgrader on the server of the course; the rest stands in the course folder itself.
import os

c = get_config()  # noqa: F821  (nbgrader provides get_config)
c.Exchange.root = os.environ["MAATWERK_EXCHANGE"]
