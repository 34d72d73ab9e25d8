"""What people see of a graded class: the report and the feedback pages."""
