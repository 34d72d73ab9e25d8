"""Show HTML that runs a script in the browser of whoever opens the feedback."""

from attack import Attack, assert_harmless
from attack_grading import course_feedback, stock_feedback
from bs4 import BeautifulSoup

CANARIES = ("script", "event", "javascript", "message")
ATTACK = Attack(
    cell="""
from IPython.display import HTML, Javascript, display

display(HTML("<script>alert('canary-script')</script><img src=x onerror=alert('canary-event')>"))
display(Javascript("alert('canary-javascript')"))
""",
    correlate2d="""
def correlate2d(x, w):
    raise ValueError("<script>alert('canary-message')</script>")
""",
)


def canaries_that_run(page):
    """Return which of the canaries a browser would run, by how."""
    soup = BeautifulSoup(page, "html.parser")
    assert "correlate2d" in soup.get_text()
    scripts = " ".join(script.get_text() for script in soup("script"))
    handlers = " ".join(
        str(value)
        for tag in soup(True)
        for name, value in tag.attrs.items()
        if name.startswith("on") or "javascript:" in str(value)
    )
    return {name for name in CANARIES if f"canary-{name}" in scripts + handlers}


def test_works_without_protection(unprotected, stock_grader):
    page = stock_feedback(unprotected, stock_grader)
    assert canaries_that_run(page) == {"script", "event", "javascript"}


def test_is_stopped(protected):
    assert_harmless(protected)
    assert canaries_that_run(course_feedback(protected)) == set()
