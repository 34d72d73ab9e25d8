"""What the preload process does before it forks, each tried in a process of its own."""

import json
import subprocess
import sys

import pytest


def ask(expression, setup=""):
    """The value of an expression in a fresh process that has imported the module."""
    program = f"import json, os, sys, time\nfrom course_utils.sandbox import preload\n{setup}\n"
    program += f"print(json.dumps({expression}))"
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True, timeout=60
    )
    return json.loads(done.stdout.splitlines()[-1])


def test_what_a_function_loads_is_found_without_loading_it():
    found, is_here = ask(
        "[preload._loaded_by(lambda: __import__('wave')), 'wave' in sys.modules]",
    )
    assert "wave" in found
    assert not is_here


@pytest.mark.parametrize("does", ["1 / 0", "os._exit(0)", "time.sleep(60)"])
def test_what_fails_or_hangs_finds_nothing(does):
    assert ask(f"preload._loaded_by(lambda: {does})", "preload.REHEARSAL_SECONDS = 1") == []


def test_files_that_given_cells_write_are_not_kept(tmp_path):
    setup = f"os.chdir({str(tmp_path)!r})"
    ask("preload._loaded_by(lambda: open('left.txt', 'w').close())", setup)
    assert list(tmp_path.iterdir()) == []


def test_given_cells_leave_no_variables_and_what_they_load_is_loaded():
    cells = ["import wave\nvariable = 1\nprint(variable)", "1 / 0", "def f(:"]
    setup = f"from course_utils.sandbox.shell import make_shell\nshell = make_shell()\n\
preload.load(shell, ['math', 'no_such_module'], {cells!r})"
    loaded, variables = ask(
        "['wave' in sys.modules, [n for n in ('wave', 'variable') if n in shell.user_ns]]", setup
    )
    assert loaded
    assert variables == []


def test_a_forked_process_stays_on_its_core():
    setup = """
every = os.sched_getaffinity(0)
core = max(every)
receiver, sender = os.pipe()
with preload.on_core(core):
    if os.fork() == 0:
        os.write(sender, json.dumps(sorted(os.sched_getaffinity(0))).encode())
        os._exit(0)
"""
    childs, core, is_free_again = ask(
        "[json.loads(os.read(receiver, 100)), core, os.sched_getaffinity(0) == every]", setup
    )
    assert childs == [core]
    assert is_free_again


def test_what_a_given_cell_starts_does_not_hold_up_the_start_and_is_ended():
    setup = """
def start():
    if os.fork() == 0:
        time.sleep(50)
        os._exit(0)
    import wave
began = time.monotonic()
found = preload._loaded_by(start)
"""
    found, seconds = ask("[found, time.monotonic() - began]", setup)
    assert "wave" in found
    assert seconds < 20


def test_a_module_with_an_odd_name_is_left_out():
    assert ask("preload._import(['.odd', 'wave']) or 'wave' in sys.modules")
