"""Building the course as a static site that runs wholly in the browser: JupyterLite, with everything local.

``python -m maatwerk_site build`` makes the site from nothing; ``python -m maatwerk_site serve`` shows it.
"""
