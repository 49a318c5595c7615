"""Worker processes that may die or hang without the table doing so."""

import json
import os
import queue
import select
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any

from ops.collect import Row

START_TIMEOUT_S = 120
# Timeouts are of the worker's processor time, so that a busy machine makes no hangs; a process that waits for a
# device that never answers uses none, and has this many times as long.
WAIT_FACTOR = 10
RENEW_AFTER = 400  # rows; a driver that leaks must not decide the verdict of the last ones


class Worker:
    """One process."""

    def __init__(self, plugin: Path, only: Sequence[str]) -> None:
        """Start it, and wait until it has loaded the backend."""
        # Outside the image, a program may have to be started through the image's loader (run_on_host.sh).
        launch = os.environ.get("VKFORGE_LAUNCH", "").split()
        command = [*launch, sys.executable, "-m", "ops.worker", "--plugin", str(plugin)]
        for text in only:
            command.append(f"--only={text}")
        self._log: list[str] = []
        self._process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, bufsize=0
        )
        self._buffer = b""
        threading.Thread(target=self._read_log, daemon=True).start()
        self.answered = 0
        hello = self._line(START_TIMEOUT_S)
        if hello is None:
            raise RuntimeError(f"Cannot start a worker: {self.end()}")
        self.device: dict[str, Any] = hello["device"]
        if "error" in self.device:
            self.close()
            raise RuntimeError(str(self.device["error"]))

    def ask(self, key: str, timeout_s: float) -> dict[str, Any]:
        """Run one row; a dead or silent process gives a verdict too."""
        assert self._process.stdin
        try:
            self._process.stdin.write(key.encode() + b"\n")
            answer = self._line(timeout_s)
        except BrokenPipeError:
            answer = None
        self.answered += 1
        if answer is not None:
            return answer
        return {"kind": "crashed", "message": self.end(timeout_s)}

    @property
    def is_alive(self) -> bool:
        """Whether it can be asked again."""
        return self._process.poll() is None

    def end(self, timeout_s: float | None = None) -> str:
        """Stop the process if it still runs, and say how it ended."""
        try:
            # One that dies needs a moment for it.
            code = self._process.wait(2)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
            return f"no answer after {timeout_s or START_TIMEOUT_S:.0f} s of work"
        if code < 0:
            return f"the process died of {signal.Signals(-code).name}"
        tail = " ".join(self._log[-3:])[-300:]
        return f"the process ended with {code}: {tail}"

    def close(self) -> None:
        """Let it end."""
        assert self._process.stdin
        self._process.stdin.close()
        try:
            self._process.wait(20)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()

    def _read_log(self) -> None:
        assert self._process.stderr
        for line in self._process.stderr:
            self._log.append(line.decode(errors="replace").strip())
            del self._log[:-20]

    def _line(self, timeout_s: float) -> dict[str, Any] | None:
        assert self._process.stdout
        deadline = time.monotonic() + timeout_s * WAIT_FACTOR
        used = cpu_seconds(self._process.pid)
        while b"\n" not in self._buffer:
            if time.monotonic() > deadline or cpu_seconds(self._process.pid) - used > timeout_s:
                return None
            if not select.select([self._process.stdout], [], [], 0.5)[0]:
                continue
            chunk = self._process.stdout.read(65536)
            if not chunk:
                return None
            self._buffer += chunk
        line, self._buffer = self._buffer.split(b"\n", 1)
        return json.loads(line)


def cpu_seconds(pid: int) -> float:
    """Give the processor time that a process has used, with all its threads; 0 if it is gone."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return 0.0
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def run_rows(
    plugin: Path,
    rows: Iterable[Row],
    *,
    workers: int,
    only: Sequence[str],
    on_answer: Callable[[Row, dict[str, Any]], None],
) -> dict[str, Any]:
    """Run all rows and give the device they ran on; calls `on_answer` from one thread at a time."""
    first = Worker(plugin, only)
    waiting: queue.SimpleQueue[Row] = queue.SimpleQueue()
    for row in rows:
        waiting.put(row)
    lock = threading.Lock()
    failures: list[BaseException] = []

    def serve(worker: Worker | None) -> None:
        try:
            while not failures:
                try:
                    row = waiting.get_nowait()
                except queue.Empty:
                    break
                if worker is not None and worker.answered >= RENEW_AFTER:
                    worker.close()
                    worker = None
                worker = worker or Worker(plugin, only)
                answer = worker.ask(row.key, row.case.timeout_s)
                with lock:
                    on_answer(row, answer)
                if not worker.is_alive:
                    worker = None
            if worker is not None:
                worker.close()
        except BaseException as error:
            failures.append(error)

    threads = [threading.Thread(target=serve, args=(first if i == 0 else None,)) for i in range(workers)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if failures:
        raise failures[0]
    return first.device
