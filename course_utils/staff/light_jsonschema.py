"""Keep jsonschema from loading a grammar of web addresses; import this before nbformat.

To check internationalised addresses, of which there are none here, it loads one where the package
is there: 0.9 of the 1.0 s of CPU that ``import nbformat`` takes (jsonschema #1428). Now it looks as
if it were not, to whatever is loaded from here on.
"""

import sys

sys.modules.setdefault("rfc3987_syntax", None)
