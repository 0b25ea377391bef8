"""Training: corpora made from tasks, and fine-tuning on them."""
