"""Let a trained model answer the rows of a corpus, and count the right answers by length.

python examples/train/accuracy.py RUN CORPUS
"""

import sys
from collections import Counter
from pathlib import Path

import torch
from transformers import AutoModelForCausalLM, AutoTokenizer

from rfft.train.corpus import plan, reading
from rfft.train.encoding import encode_prompt

MOST = 2048  # tokens of an answer
BATCH = 32

run, corpus = map(Path, sys.argv[1:])
model = AutoModelForCausalLM.from_pretrained(run).eval()
tokenizer = AutoTokenizer.from_pretrained(run)
made = plan.read(corpus)
rows = [row for n in range(len(made.shards)) for row in reading.rows(made, corpus, n)]
rows.sort(key=lambda row: row["length"])
asked, right = Counter(), Counter()
for first in range(0, len(rows), BATCH):
    some = rows[first : first + BATCH]
    prompts = [encode_prompt(tokenizer, row["prompt"]) for row in some]
    width = max(map(len, prompts))
    ids = torch.tensor([[tokenizer.pad_token_id] * (width - len(p)) + p for p in prompts])
    mask = (ids != tokenizer.pad_token_id).long()
    with torch.inference_mode():
        answers = model.generate(ids, attention_mask=mask, max_new_tokens=MOST, do_sample=False)
    for row, answer in zip(some, answers, strict=True):
        text = tokenizer.decode(answer[width:], skip_special_tokens=True)
        asked[row["length"]] += 1
        right[row["length"]] += text.endswith(f"So the answer is {row['answer']}\n")
for length, count in sorted(asked.items()):
    print(f"length {length}: {right[length]} of {count} right")
print(f"all: {right.total() / asked.total():.1%}")
