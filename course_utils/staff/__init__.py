"""Everything that students must never have: answers, mistakes, authoring, grading, reports.

The wheel leaves this folder out, the sandbox hides it, and the release check refuses a notebook
that names it (``course_utils.STAFF``).
"""
