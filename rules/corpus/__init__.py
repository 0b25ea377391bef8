"""Corpora: from tasks to files that trainers read. Nothing here needs torch.

A *plan* says what is in a corpus: tasks, lengths, counts, style, seed. It has a hash and is cut
into *shards*; the bytes of a shard depend on the plan and the shard's number alone. So a build can
be killed, resumed, repeated, or spread over machines.
"""
