from maatwerk_grading.course_root import configure

configure(get_config(), "en")  # noqa: F821  (nbgrader provides get_config)
