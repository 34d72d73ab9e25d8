"""What runs in the process of student code: its confinement, its shell and its channel."""

INLINE_BACKEND = "module://matplotlib_inline.backend_inline"
