"""What the ``course`` commands do; for instructors only."""
