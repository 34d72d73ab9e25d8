"""`import course_utils` costs nothing: a notebook's first cell and every grading process pay it."""

import json
import subprocess
import sys

HEAVY = ["IPython", "matplotlib", "numpy", "scipy", "sklearn", "torch"]


def cpu_seconds(code):
    """CPU time (user and system) of an interpreter that runs code; the best of five."""
    measure = f"{code}\nimport resource\nu = resource.getrusage(resource.RUSAGE_SELF)\n"
    measure += "print(u.ru_utime + u.ru_stime)"
    runs = [
        subprocess.run([sys.executable, "-c", measure], capture_output=True, check=True).stdout
        for _ in range(5)
    ]
    return min(map(float, runs))


def test_importing_the_package_takes_under_a_fifth_of_a_second():
    assert cpu_seconds("import course_utils") - cpu_seconds("pass") < 0.2


def loaded_by(statement):
    """Which heavy libraries a fresh interpreter holds after the statement."""
    code = f"{statement}\nimport json, sys\n"
    code += f"print(json.dumps([name for name in {HEAVY} if name in sys.modules]))"
    return json.loads(
        subprocess.run([sys.executable, "-c", code], capture_output=True, check=True).stdout
    )


def test_importing_the_package_loads_no_heavy_library():
    assert loaded_by("import course_utils") == []
    assert loaded_by("import numpy") == ["numpy"], "the measure itself is blind"


def test_checks_load_neither_torch_nor_matplotlib():
    assert not {"matplotlib", "torch"} & set(loaded_by("from course_utils import check"))
