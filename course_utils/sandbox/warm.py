"""The warm process: has IPython and the course's libraries loaded, and forks for each notebook.

Started as ``python -m course_utils.sandbox.warm FD``, where FD is a socket to the grader. The
first frame names modules to load and the view of the disk; every further one, followed by a
socket to the checker, asks for a confined process that serves one notebook. The reply tells the
level of isolation, and is followed by the process's pidfd.
"""

import gc
import importlib
import os
import socket
import sys
from pathlib import Path

from course_utils.sandbox import agent, isolation
from course_utils.sandbox.shell import make_shell, warm_matplotlib
from course_utils.sandbox.wire import Connection, ConnectionLost

# Of the environment that the grader gave this process, what a notebook gets to see.
ENVIRONMENT = {
    name: value
    for name, value in os.environ.items()
    if name in ("MPLBACKEND", "NBGRADER_EXECUTION") or name.endswith("_NUM_THREADS")
}


def main():
    """Serve the grader until it closes its end."""
    control = socket.socket(fileno=int(sys.argv[1]))
    connection = Connection(control)
    order, _ = connection.receive()
    shell = make_shell()  # before matplotlib, see there
    load(order["modules"])
    sys.path[:] = [entry for entry in sys.path if entry not in order["hidden_paths"]]
    confinement = isolation.Confinement(isolation.default_view(Path(order["package"])))
    connection.send({"level": confinement.level, "missing": list(confinement.missing)})
    while True:
        try:
            order, _ = connection.receive()
        except ConnectionLost:
            confinement.close()
            return
        _, [fd], _, _ = socket.recv_fds(control, 1, 1)
        limits = isolation.Limits(**order["limits"])
        child = confinement.start(lambda fd=fd: _serve(shell, fd), [fd], limits, ENVIRONMENT)
        os.close(fd)
        connection.send({"pid": child.pid})
        socket.send_fds(control, [b"x"], [child.pidfd])
        os.close(child.pidfd)


def _serve(shell, fd):
    fresh_randomness()
    agent.serve(shell, socket.socket(fileno=fd))


def load(modules):
    """Import modules, as far as they are there, so that no notebook has to wait for them."""
    for name in modules:
        try:
            importlib.import_module(name)
        except ImportError:
            continue  # who needs it will be told when a cell imports it
    if "matplotlib" in sys.modules:
        warm_matplotlib()
    if "torch" in sys.modules:
        warm_torch()
    gc.collect()
    gc.freeze()  # or each forked process would copy what its collector only looks at


def warm_torch():
    """Let torch load what it otherwise loads with a process's first training step, for seconds."""
    import torch

    torch.set_num_threads(1)
    weight = torch.zeros(1, requires_grad=True)
    optimiser = torch.optim.Adam([weight])
    weight.sum().backward()
    optimiser.step()


def fresh_randomness():
    """Seed random numbers anew: every forked process would draw the same ones otherwise."""
    import random

    import numpy as np

    random.seed()
    np.random.seed()
    torch = sys.modules.get("torch")
    if torch is not None:
        torch.seed()


if __name__ == "__main__":
    main()
