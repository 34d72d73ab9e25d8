"""The seed of a student's hidden tests."""

import hashlib
import hmac
import json


def seed_of(secret, assignment, student, cells, files):
    """Return the seed for one student's work: 0 to 2**32 - 1, the same for the same work.

    Who has seen the inputs of one attempt and brings answers to them along gets other inputs: all
    that a student's code could bring anything along in counts.

    Parameters
    ----------
    secret : bytes
        Of the course.
    assignment, student : str
        Of those who hand in together, the name under which they do.
    cells : list of str
        The text of the cells that the student wrote, in order; empty for each of the others.
    files : dict of str to bytes
        What was handed in beside the notebook.
    """
    contents = {name: hashlib.sha256(files[name]).hexdigest() for name in sorted(files)}
    work = json.dumps([assignment, student, cells, contents])  # ASCII, whatever the names are
    return int.from_bytes(hmac.digest(secret, work.encode(), hashlib.sha256)[:4])
