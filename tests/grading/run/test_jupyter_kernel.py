"""Kernels that start at the same time may get in each other's way; the work is run all the same."""

import pytest
from jupyter_client import AsyncKernelClient
from nbformat.v4 import new_code_cell, new_notebook

from course_utils.staff.grading import event_log
from course_utils.staff.grading.run.jupyter_kernel import STARTS, ExecuteInKernel

pytestmark = pytest.mark.slow


def run(tmp_path):
    nb = new_notebook(cells=[new_code_cell("import os; print(os.getcwd())")])
    event_log.start(nb)
    nb.metadata[event_log.KEY]["seed"] = 1
    ExecuteInKernel().preprocess(nb, {"metadata": {"path": str(tmp_path)}})
    return nb.cells[0].outputs[0].text.strip()


def fail_at_first(monkeypatch, times):
    """Let so many kernels be lost before they answer."""
    ready, lost = AsyncKernelClient.wait_for_ready, []

    async def wait_for_ready(client, timeout=None):
        if len(lost) < times:
            lost.append(client)
            raise RuntimeError("Kernel died before replying to kernel_info")
        await ready(client, timeout=timeout)

    monkeypatch.setattr(AsyncKernelClient, "wait_for_ready", wait_for_ready)


def test_a_kernel_that_ends_at_once_is_replaced(monkeypatch, tmp_path):
    fail_at_first(monkeypatch, STARTS - 1)
    assert run(tmp_path) == str(tmp_path)


def test_one_that_never_starts_is_an_error(monkeypatch, tmp_path):
    fail_at_first(monkeypatch, STARTS)
    with pytest.raises(RuntimeError, match="Kernel died"):
        run(tmp_path)
