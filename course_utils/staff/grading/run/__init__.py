"""The second room: student cells run in a confined process, tests in another, trusted one."""
