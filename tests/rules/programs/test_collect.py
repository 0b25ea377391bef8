"""Published sets, read into one form."""

import json
from pathlib import Path

import pytest

from rfft.rules.programs.collect import STATUSES, Asked, collect
from rfft.rules.programs.constants import folded
from rfft.rules.programs.errors import SetRejected
from rfft.rules.programs.reading import LONGEST
from rfft.rules.programs.stored import UNREAD

from .sets import COUNT, DOUBLE, ROWS, many, put


def collected(folder: Path, rows, **asked):
    return collect(put(folder / "set.jsonl", rows), folder, Asked(**asked))


def programs(found) -> list:
    return [p for n in range(len(found.shards)) for p in found.shard(n)]


def unread(folder: Path) -> list[tuple[str, str]]:
    lines = (folder / UNREAD).read_text().splitlines()
    return [(said["id"], said["status"]) for said in map(json.loads, lines)]


@pytest.mark.parametrize(
    ("fields", "name", "inputs", "outputs"),
    [
        ("cruxeval", "sample_0", [("[1, 2]",)], ["[2, 4]"]),
        ("livecodebench", "7", [("'banana'", "'n'")], ["2"]),
        ("mbpp", "11", [("'banana'",), ("'xy'",), ("'aa'", "'a'")], ["3", "0", None]),
        ("humaneval", "Eval/0", [("[6]",)], ["[12]"]),
        ("codeio", "io:1", [("[1, 5]",), ("[1, 5]", "4")], ["[5, 2]", "[1, 2]"]),
        ("own", "mine", [("[1]",), ("[2]",)], ["[2]", "[4]"]),
    ],
)
def test_the_fields_of_each_publisher_are_known_by_their_columns(
    tmp_path, fields, name, inputs, outputs
):
    found = collected(tmp_path, [ROWS[fields]])
    (program,) = programs(found)
    assert (found.fields, program.id) == (fields, name)
    assert (list(program.inputs), list(program.outputs)) == (inputs, outputs)
    assert "\r" not in program.source


def test_parquet_is_read_as_well(tmp_path):
    pa = pytest.importorskip("pyarrow.parquet")
    import pyarrow

    path = tmp_path / "set.parquet"
    pa.write_table(
        pyarrow.Table.from_pylist([ROWS["cruxeval"], ROWS["cruxeval"] | {"id": "b"}]), path
    )
    assert programs(collect(path, tmp_path, Asked()))[0].id == "sample_0"
    path.write_bytes(b"PAR1")
    with pytest.raises(SetRejected, match="cannot be read"):
        collect(path, tmp_path, Asked())


def own(source: str, *inputs: str, **more) -> dict:
    return {"id": "x", "source": source, "inputs": list(inputs), **more}


@pytest.mark.parametrize(
    ("row", "status"),
    [
        ("{", "bad_row"),
        ("[1]", "bad_row"),
        ({"id": "x", "inputs": ["1"]}, "bad_row"),
        (own(DOUBLE, "[1]", outputs=["1", "2"]), "bad_row"),
        ({"id": "x", "source": 5, "inputs": ["1"]}, "bad_row"),
        (own(DOUBLE, "[1]") | {"id": "a\nb"}, "no_id"),
        (own(DOUBLE, "[1]") | {"id": "good"}, "repeated_id"),
        (own("def f(x):\n    print x\n", "1"), "python_2"),
        (own("def f(x:\n", "1"), "syntax_error"),
        (own("x = 1\n", "1"), "no_function"),
        (own(DOUBLE, "[1]", function="g"), "no_function"),
        (own("def f(x):\n    return x\n\ndef g(x):\n    return x\n", "1"), "several_functions"),
        (own(DOUBLE), "no_input"),
        (own(DOUBLE, "lambda: 1"), "no_literal"),
        (own(DOUBLE, "1e999"), "no_literal"),
        (own(DOUBLE, "1, 2"), "wrong_arguments"),
        (own(DOUBLE, "x=2"), "wrong_arguments"),
        (own(DOUBLE, "[" + "1," * 600_000 + "]"), "too_long"),
        (own("#" * (1 << 20) + "\n" + DOUBLE, "[1]"), "too_long"),
        ('{"id": "' + "x" * LONGEST + '"}', "bad_row"),
    ],
)
def test_what_a_row_lacks_is_told_and_the_rest_goes_on(tmp_path, row, status):
    good, last = own(COUNT, "'a'") | {"id": "good"}, own(DOUBLE, "[9]") | {"id": "last"}
    found = collected(tmp_path, [good, row, last])
    assert [p.id for p in programs(found)] == ["good", "last"]
    assert [said for _, said in unread(tmp_path)] == [status]
    assert found.unread == {status: 1}
    assert status in STATUSES


def test_inputs_that_are_none_leave_the_others(tmp_path):
    found = collected(tmp_path, [own(DOUBLE, "[1]", "y", "[2]", "[1]")])
    assert programs(found)[0].inputs == (("[1]",), ("[2]",))
    assert (found.unread, found.again) == ({"no_literal": 1}, 1)


def test_programs_that_are_the_same_up_to_names_are_one(tmp_path):
    other = DOUBLE.replace("nums", "xs").replace("out", "made").replace("f(", "g(")
    rows = [own(DOUBLE, "[1]"), own(COUNT, "'a'") | {"id": "y"}, own(other, "xs=[2]") | {"id": "z"}]
    found = collected(tmp_path, rows)
    assert [(p.id, p.inputs) for p in programs(found)] == [
        ("x", (("[1]",), ("[2]",))), ("y", (("'a'",),)),
    ]  # fmt: skip
    assert found.merged == 1
    assert unread(tmp_path) == [("z", "merged")]


def test_shards_are_ranges_of_programs_and_any_can_be_read_alone(tmp_path):
    found = collected(tmp_path, many(10), most=4)
    assert [shard.inputs for shard in found.shards] == [4] * 5
    assert [p.id for p in found.shard(3)] == ["p/6", "p/7"]
    assert found.find("p/7")[0] == 3
    assert found.find("p/70") is None


def test_sides_are_taken_apart_and_equal_programs_stay_together(tmp_path):
    sides = {"x": "train", "y": "test", "z": "test"}
    rows = [own(DOUBLE, "[1]"), own(COUNT, "'a'") | {"id": "y"}, own(DOUBLE, "[2]") | {"id": "z"}]
    asked = {"side": lambda name, fingerprint: sides[name], "wanted": "test"}
    found = collected(tmp_path, rows, **asked)
    assert [p.id for p in programs(found)] == ["y"]
    assert (found.others, found.unread) == (1, {"other_side": 1})


@pytest.mark.parametrize(
    ("name", "rows", "fields", "line"),
    [
        ("set.jsonl", [{"a": 1}], None, "are of no known set"),
        ("set.jsonl", [own(DOUBLE, "[1]")], "mine", "no fields 'mine'"),
        ("set.jsonl", [], None, "no row"),
        ("set.jsonl", [own(DOUBLE, "q")], None, "no program to trace: 1 no_literal"),
        ("set.csv", [own(DOUBLE, "[1]")], None, "jsonl or .parquet"),
    ],
)
def test_what_is_no_set_is_refused_in_a_line(tmp_path, name, rows, fields, line):
    with pytest.raises(SetRejected, match=line):
        collect(put(tmp_path / name, rows), tmp_path, Asked(fields))


def test_a_set_that_is_not_there_is_refused(tmp_path):
    with pytest.raises(SetRejected, match="No such file"):
        collect(tmp_path / "none.jsonl", tmp_path, Asked())


@pytest.mark.parametrize(
    ("text", "made"),
    [
        ("3 * 19, 'a' + 'b'", "57, 'ab'"),
        ("x=[1.0 / 4, -2 ** 2]", "x=[0.25, -4]"),
        ("1 - 2j", "1 - 2j"),
        ("2 ** 100000", "2 ** 100000"),
        ("'a' * 10**9", "'a' * 1000000000"),
        ("'%9999999d' % 1", "'%9999999d' % 1"),
        ("1 / 0", "1 / 0"),
        ("'-', n", "'-', n"),
        ("(-1", "(-1"),
    ],
)
def test_sums_and_products_of_literals_are_worked_out(text, made):
    assert folded(text) == made
