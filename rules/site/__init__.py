"""A static site: every task with its steppers, and a page that runs the tracer in the browser."""
