"""Data of single tutorials, one module each; what several of them share is `course_utils.data`."""
