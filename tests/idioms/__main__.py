"""Write ``docs/idioms.md``: ``python tests/idioms``."""

import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "support"))

import compare_idioms as compare  # noqa: E402

with tempfile.TemporaryDirectory(prefix="idioms-") as folder:
    text = compare.page(compare.graded(Path(folder)))
compare.PAGE.write_text(text, encoding="utf-8")
print(next(line for line in text.splitlines() if " idioms: " in line))
