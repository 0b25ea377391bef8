"""How back end `transformers` writes tokens: in batches, or in continuous ones."""
