"""The scores that lm-evaluation-harness gets for rows of a corpus."""

import pytest

from rfft.eval.lm_eval import process_results

DOC = {
    "style": "rfft",
    "length": 3,
    "answer": "[1, 2]",
    "completion": "x\nSo the answer is [1, 2]\n",
}


@pytest.mark.parametrize(
    ("text", "right"),
    [
        ("So the answer is [1,2]", 1.0),
        ("anything\nSo the answer is [1, 2].", 1.0),
        ("So the answer is (1, 2)", 0.0),
        ("So the answer is [1, 2]\nSo the answer is [1, 2]", 0.0),
        ("[1, 2]", 0.0),
        ("", 0.0),
    ],
)
def test_the_answer_is_read_as_by_rfft_eval(text, right):
    assert process_results(DOC, [text]) == {"acc": right, "acc_length_3": right}


def test_a_style_that_is_a_file_is_read_by_the_true_response(tmp_path):
    style = tmp_path / "own.py"
    style.write_text(f"open({str(tmp_path / 'ran')!r}, 'w')\n")
    doc = {**DOC, "style": str(style), "completion": "x\nIt gives [1, 2] here\n"}
    assert process_results(doc, ["It gives [1, 2] here"])["acc"] == 1.0
    assert process_results(doc, ["It gives [2, 2] here"])["acc"] == 0.0
    assert not (tmp_path / "ran").exists()
