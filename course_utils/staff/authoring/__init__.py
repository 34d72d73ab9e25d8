"""The tools of whoever writes tutorials: release, leak check, hints, mutation, sample class."""
