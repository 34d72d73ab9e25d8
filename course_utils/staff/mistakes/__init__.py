"""Named wrong answers, one module per tutorial, each with the hint a student should read.

Instructors only: students get a table of digests and hints (``course_utils.check.hints``).
"""
