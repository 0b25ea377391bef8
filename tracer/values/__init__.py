"""Values as text: the same on every machine, made without running any code of the value."""
