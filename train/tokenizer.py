"""A tokenizer made for traces: short traces, exact values, any text comes back as it was.

A small model follows a rule by copying names and values from the lines above, so a token is
chosen for what is copied:

- a word that many rules use (`words.txt`) is one token, and so are the fixed phrases of the
  styles; any other word is spelled in letters, which are copied as values are;
- a space belongs to the operator, the comma or the keyword beside it, so that a name is the same
  token wherever a trace states it;
- a line break takes the indentation behind it with it;
- digits, brackets, quotes and separators are single tokens, and text in quotes is spelled letter
  by letter, so that `'word'[1:]` drops one token whether or not `word` and `ord` are words.

What is not in the vocabulary is spelled in bytes (UTF-8), so there is no unknown token.
"""

from importlib.resources import files
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from transformers import PreTrainedTokenizerFast

EOS, PAD = "<eos>", "<pad>"

# Longest first: the first that fits is taken.
_PHRASES = (
    "Follow the given rule to solve the question.",
    "Answer the question step by step.",
    "Answer the question.",
    "So the answer is ",
    "One iteration",
    "go to the next iteration",
    "leave the loop",
    "enter the loop",
    "do not enter if",
    "do not enter",
    "enter if",
    "enter elif",
    "enter else",
    "no change",
    "now,",
    "Initialize",
    "Main loop",
    "Outer loop",
    "Inner loop",
)
_OPERATORS = "= == != < > <= >= + - * / // % ** += -= *= //= %= & | ^ -> :=".split()
_BEFORE = "def class return while for if elif else del assert raise not lambda".split()
_BETWEEN = "and or not in is if else for".split()
_INDENTS = 6  # levels of four spaces

# What is one token if the vocabulary has it, in the order that is tried. Quoted text is one
# piece that the vocabulary never has, so it is spelled.
_PIECES = (
    r"'[^'\n]*'",
    r'"[^"\n]*"',
    r"\n *",
    rf" ?(?:{'|'.join(_PHRASES).replace('.', '[.]')})",
    rf" (?:{'|'.join(_BETWEEN)}) (?:not )?",
    rf"\b(?:{'|'.join(_BEFORE)}) ",
    r" ?[-+*/%<>=!&|^~:]+ ?",
    r", ",
    r" ?[A-Z]?[a-z]+",
    r" ?[A-Z]+",
)


def _vocabulary() -> list[str]:
    """Return the tokens that are not single bytes, in the order of their numbers."""
    words = files(__package__).joinpath("words.txt").read_text("utf-8").split()
    return list(
        dict.fromkeys(
            [
                *("\n" + " " * (4 * n) for n in range(1, _INDENTS + 1)),
                *(form for phrase in _PHRASES for form in (phrase, f" {phrase}")),
                *(form for op in _OPERATORS for form in (f" {op} ", op) if len(form) > 1),
                *(": ", ", "),
                *(f"{word} " for word in _BEFORE),
                *(f" {word} " for word in _BETWEEN),
                *(" not in ", " is not "),
                *(form for word in words for form in (word, f" {word}") if len(form) > 1),
            ]
        )
    )


def make_tokenizer() -> "PreTrainedTokenizerFast":
    """Return the tokenizer; the same in every call.

    The end of a text and padding are tokens that no text gives: `<eos>` in a text is spelled.
    """
    from tokenizers import Regex, Tokenizer, decoders, models, pre_tokenizers
    from transformers import PreTrainedTokenizerFast

    in_bytes = pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False)

    def spelled(text: str) -> str:
        return in_bytes.pre_tokenize_str(text)[0][0]

    tokens = [PAD, EOS, *sorted(pre_tokenizers.ByteLevel.alphabet()), *map(spelled, _vocabulary())]
    tokenizer = Tokenizer(
        models.BPE(vocab={t: n for n, t in enumerate(tokens)}, merges=[], ignore_merges=True)
    )
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence(
        [pre_tokenizers.Split(Regex("|".join(_PIECES)), "isolated"), in_bytes]
    )
    tokenizer.decoder = decoders.ByteLevel()
    return PreTrainedTokenizerFast(
        tokenizer_object=tokenizer,
        eos_token=EOS,
        pad_token=PAD,
        split_special_tokens=True,
        clean_up_tokenization_spaces=False,
        model_input_names=["input_ids", "attention_mask"],
    )
