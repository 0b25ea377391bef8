"""Running a rule with hooks between its statements, which record each step."""
