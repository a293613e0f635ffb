"""The fast grader: what ``nbgrader autograde`` leaves behind, without a kernel and without a learner's code.

It reads a submission as data, runs only cells that the instructor locked, and writes nbgrader's own gradebook
and autograded notebooks. Importing nbgrader takes seconds, so nothing here does until it is needed.
"""
