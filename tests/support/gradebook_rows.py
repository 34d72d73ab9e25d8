"""A gradebook as plain rows, without the random ids by which its tables refer to each other."""

import contextlib
import sqlite3

# What a row is called, table by table; later tables refer to earlier ones.
NAMES = {
    "course": ["id"],
    "student": ["id"],
    "assignment": ["name"],
    "notebook": ["assignment_id", "name"],
    "base_cell": ["notebook_id", "name", "type"],
    "grade_cells": ["id"],
    "solution_cells": ["id"],
    "task_cells": ["id"],
    "source_cell": ["notebook_id", "name"],
    "submitted_assignment": ["assignment_id", "student_id"],
    "submitted_notebook": ["assignment_id", "notebook_id"],
    "grade": ["notebook_id", "cell_id"],
    "comment": ["notebook_id", "cell_id"],
}
OURS = {"course_answers", "course_outcome", "course_registered", "course_secret"}


def gradebook_rows(database):
    """Return ``{table: {name: {column: value}}}`` for every table of nbgrader's."""
    rows, names = {}, {}
    with contextlib.closing(sqlite3.connect(database)) as connection:
        connection.row_factory = sqlite3.Row
        tables = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
        assert {name for (name,) in tables} - OURS == set(NAMES) | {"alembic_version"}
        for table, columns in NAMES.items():
            rows[table] = {}
            for row in connection.execute(f'SELECT * FROM "{table}"'):
                values = {key: names.get(value, value) for key, value in dict(row).items()}
                name = tuple(values[column] for column in columns)
                if "id" in values and "id" not in columns:
                    names[values.pop("id")] = name
                assert name not in rows[table], f"twice in {table}: {name}"
                rows[table][name] = values
    return rows


def times_saved(database):
    """Return ``{student: how often a result of theirs was saved}`` of a class's one assignment."""
    with contextlib.closing(sqlite3.connect(database)) as connection:
        return dict(connection.execute("SELECT student, times_saved FROM course_outcome"))
