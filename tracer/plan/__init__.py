"""What the source of a rule says: its statements, and what each reads, works out and changes."""
