"""The right answers, one package per tutorial. Instructors only."""
