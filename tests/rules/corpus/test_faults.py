"""Whatever happens to a build, the same command goes on, and gives the same bytes."""

import contextlib
import json
import os
import random
import resource
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from rfft.rules.corpus import records
from rfft.rules.corpus import versions as code
from rfft.rules.corpus.build import build
from rfft.rules.corpus.errors import CorpusRejected

from .small import COMMAND, contents, options, plan_in, run

SMALL = {"per-length": 40, "shard-rows": 10}  # many shards


@pytest.fixture(scope="module")
def whole(tmp_path_factory) -> tuple[Path, dict[str, bytes]]:
    """Return the folder of a corpus built without faults, and its bytes."""
    folder = tmp_path_factory.mktemp("whole")
    done = run("build", *options(folder, **SMALL), "--out", folder / "out")
    assert done.returncode == 0, done.stderr
    return folder / "out", contents(folder / "out")


def start(folder: Path) -> subprocess.Popen[str]:
    command = [COMMAND, "corpus", "build", *options(folder, **SMALL), "--out", str(folder / "out")]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def wait_for_records(folder: Path, count: int, process: subprocess.Popen[str]) -> None:
    """Wait until so many shards are complete."""
    while process.poll() is None and len(list((folder / "out").glob("records/*.json"))) < count:
        time.sleep(0.005)


def finish(folder: Path) -> subprocess.CompletedProcess[str]:
    done = run("build", *options(folder, **SMALL), "--out", folder / "out")
    assert (done.returncode, done.stderr) == (0, "")
    return done


def test_killed_at_random_moments(whole, tmp_path):
    rng = random.Random()
    for count in (0, 2, 5):
        process = start(tmp_path)
        wait_for_records(tmp_path, count, process)
        time.sleep(rng.random() * 0.3 * (count > 0))
        process.kill()
        process.communicate()
        assert not (tmp_path / "out" / records.MANIFEST).exists()
    done = finish(tmp_path)
    assert contents(tmp_path / "out") == whole[1]
    assert " 0 were complete" not in done.stdout
    assert not list((tmp_path / "out" / ".work").glob("*.tmp"))


@pytest.mark.slow
def test_interrupted(whole, tmp_path):
    process = start(tmp_path)
    wait_for_records(tmp_path, 1, process)
    process.send_signal(signal.SIGINT)
    _, said = process.communicate()
    assert (process.returncode, said) == (130, "rfft: interrupted\n")
    finish(tmp_path)
    assert contents(tmp_path / "out") == whole[1]


def test_files_that_cannot_be_written(whole, tmp_path):
    largest = max(map(len, whole[1].values()))

    def limit() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (largest - 1, largest - 1))

    done = run("build", *options(tmp_path, **SMALL), "--out", tmp_path / "out", preexec_fn=limit)
    assert done.returncode == 1
    assert "cannot be written: File too large; what is complete stays" in done.stderr
    assert done.stderr.count("\n") == 1
    finish(tmp_path)
    assert contents(tmp_path / "out") == whole[1]


@pytest.mark.slow
@pytest.mark.skipif(not shutil.which("unshare"), reason="needs a file system of its own")
def test_a_full_disk(whole, tmp_path):
    disk = tmp_path / "disk"
    disk.mkdir()
    command = [COMMAND, "corpus", "build", *options(tmp_path, **SMALL), "--out", f"{disk}/out"]
    script = f"""
        mount -t tmpfs -o size=200k none {disk} || exit 77
        "$@"; code=$?
        cp -r {disk}/out {tmp_path}/out
        exit $code
    """
    unshare = ["unshare", "--user", "--map-root-user", "--mount", "sh", "-c", script, "sh"]
    done = subprocess.run([*unshare, *command], capture_output=True, text=True, timeout=120)
    if done.returncode == 77 or "unshare" in done.stderr:
        pytest.skip("no file system can be mounted here")
    assert done.returncode == 1, done.stderr
    assert "cannot be written: No space left on device" in done.stderr
    finish(tmp_path)
    assert contents(tmp_path / "out") == whole[1]


def test_a_second_build_leaves_the_first_alone(whole, tmp_path):
    first = start(tmp_path)
    wait_for_records(tmp_path, 1, first)
    first.send_signal(signal.SIGSTOP)
    second = run("build", *options(tmp_path, **SMALL), "--out", tmp_path / "out")
    part = run("build", *options(tmp_path, **SMALL), "--out", tmp_path / "out", "--shard", "1/2")
    first.send_signal(signal.SIGCONT)
    first.communicate()
    for other in (second, part):
        assert other.returncode == 2
        assert other.stderr.endswith("out: another build is at work there\n")
    assert first.returncode == 0
    assert contents(tmp_path / "out") == whole[1]


def tear(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-7])


def flip(path: Path) -> None:
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(data)


def empty(path: Path) -> None:
    path.write_bytes(b"")


@pytest.mark.parametrize("damage", [tear, flip, empty, Path.unlink])
@pytest.mark.parametrize(
    "file",
    ["conversational/000003.parquet", "prompt_completion/000003.parquet", "records/000003.json"],
)
def test_only_what_is_damaged_is_built_again(whole, tmp_path, damage, file):
    if damage is flip and file.startswith("records"):
        pytest.skip("a record has no checksum of its own; it is only believed if the files agree")
    folder = tmp_path / "out"
    shutil.copytree(whole[0], folder)
    times = {path: path.stat().st_mtime_ns for path in folder.rglob("*.parquet")}
    damage(folder / file)
    built = build(plan_in(tmp_path, per_length=40, shard_rows=10), folder, workers=1)
    assert built.shards == 1
    assert contents(folder) == whole[1]
    again = {p.stem for p, t in times.items() if p.stat().st_mtime_ns != t}
    assert again <= {"000003"}


def test_a_record_that_lies_is_not_believed(whole, tmp_path):
    folder = tmp_path / "out"
    shutil.copytree(whole[0], folder)
    path = folder / "records/000003.json"
    path.write_text(path.read_text().replace('"sha256": "', '"sha256": "0'))
    assert build(plan_in(tmp_path, per_length=40, shard_rows=10), folder, workers=1).shards == 1
    assert contents(folder) == whole[1]


def test_a_card_or_manifest_that_is_damaged_is_written_again(whole, tmp_path):
    folder = tmp_path / "out"
    shutil.copytree(whole[0], folder)
    tear(folder / "README.md")
    (folder / "manifest.json").unlink()
    assert build(plan_in(tmp_path, per_length=40, shard_rows=10), folder).shards == 0
    assert contents(folder) == whole[1]


def test_another_plan_is_refused(whole, tmp_path):
    done = run("build", *options(tmp_path, **SMALL, seed=1), "--out", whole[0])
    assert done.returncode == 2
    assert done.stderr == (
        f"rfft: {whole[0]}: is of another plan: it has seed 0 and not 1;"
        " take another folder, or remove it\n"
    )
    assert contents(whole[0]) == whole[1]


def test_other_code_is_refused(whole, tmp_path, monkeypatch):
    other = {**plan_in(tmp_path).versions, "tracer": "x"}
    monkeypatch.setattr(code, "code_hashes", lambda *_: tuple(other.items()))
    with pytest.raises(CorpusRejected, match="it has another version of tracer"):
        build(plan_in(tmp_path, per_length=40, shard_rows=10), whole[0])
    assert contents(whole[0]) == whole[1]


def below(process: int) -> list[int]:
    """Return the processes that a process has started, and those that they have."""
    found = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):
            if int(stat.read_text().rpartition(")")[2].split()[1]) == process:
                found += [int(stat.parent.name), *below(int(stat.parent.name))]
    return found


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc")
def test_workers_that_die(whole, tmp_path):
    process = start(tmp_path)
    killed = 0
    while process.poll() is None and killed < 4:
        wait_for_records(tmp_path, 1 + killed, process)
        which = -(killed % 2)  # a zygote or, if there is one, the process of a rule
        for worker in below(process.pid)[which:][:1]:
            with contextlib.suppress(ProcessLookupError):
                os.kill(worker, signal.SIGKILL)
                killed += 1
        time.sleep(0.05)
    _, said = process.communicate()
    assert killed
    assert (process.returncode, said) == (0, "")
    assert json.loads((tmp_path / "out" / records.MANIFEST).read_text())["left_out"] == []
    assert contents(tmp_path / "out") == whole[1]
