"""What happens to one submission while nbgrader grades it; for instructors only.

nbgrader loads these classes by name from ``nbgrader_config.py``, so its own command line, the
formgrader's button and ``course autograde`` all pass through them.
"""
