"""How a class is graded: the three rooms that a submission passes, and the run of a class.

See ``docs/engine.md``. nbgrader loads the steps by name from ``nbgrader_config.py``, so that its
own command line, the formgrader's button and ``course autograde`` pass through the same rooms.
"""
