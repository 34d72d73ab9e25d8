"""JupyterLab as `make lab` starts it, on a copy of the course, and Chromium looking at it."""

import shutil
from pathlib import Path

import pytest
from course_copy import CourseCopy, LabServer
from playwright.sync_api import expect, sync_playwright

BROWSERS = ["chromium", "chromium-browser", "google-chrome"]
CHROMIUM = next(filter(None, map(shutil.which, BROWSERS)), None)
# As root there is no sandbox to start; the rest keeps Chromium from calling home.
CHROMIUM_OPTIONS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]


def pytest_collection_modifyitems(items):
    """Mark everything here, and say why it is skipped where no browser is installed."""
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.browser)
            if CHROMIUM is None:
                item.add_marker(
                    pytest.mark.skip(reason="no browser: install Chromium (apt install chromium)")
                )


@pytest.fixture(scope="session")
def browser():
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=CHROMIUM_OPTIONS)
        yield chromium
        chromium.close()


@pytest.fixture(scope="module")
def course(tmp_path_factory, repository_files):
    return CourseCopy(tmp_path_factory.mktemp("lab") / "course", repository_files)


@pytest.fixture(scope="module")
def start_lab(course, tmp_path_factory):
    """Start JupyterLab by a shell command; all are stopped in the end."""
    servers = []

    def start(command):
        servers.append(LabServer(course, command, tmp_path_factory.mktemp("server")))
        servers[-1].wait()
        return servers[-1]

    yield start
    for server in servers:
        server.stop()


@pytest.fixture(scope="module")
def lab(start_lab):
    return start_lab("make lab")


@pytest.fixture
def page(browser, tmp_path):
    """A fresh browser window; what it showed last is in tmp_path/page.png."""
    context = browser.new_context(viewport={"width": 1400, "height": 1000})
    page = context.new_page()
    page.set_default_timeout(60_000)
    expect.set_options(timeout=60_000)
    yield page
    page.screenshot(path=tmp_path / "page.png")
    context.close()
