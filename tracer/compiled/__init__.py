"""Running a rule as code made for the shapes of its arguments, where those prove enough."""
