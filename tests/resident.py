"""The command line for scripts that call it often: each command in a process of its own, forked from one that has
imported what it needs, which takes most of a command's time otherwise.

    with resident(directory) as path:
        subprocess.run(script, env={**os.environ, "PATH": path})
"""

import json
import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

ROOT = Path(__file__).parents[1]
_CALLS = """#!{python} -ISs
import json, os, signal, socket, sys
with socket.socket(socket.AF_UNIX) as asked:
    asked.connect({address!r})
    socket.send_fds(asked, [json.dumps([sys.argv[1:], os.getcwd()]).encode()], [0, 1, 2])
    process = int(asked.recv(20))
    signal.signal(signal.SIGTERM, lambda *_: os.kill(process, signal.SIGTERM))
    sys.exit(int(asked.recv(20)))
"""


@contextmanager
def resident(directory: Path) -> Iterator[str]:
    """A search path whose first ``citewire`` is done by a process that waits for commands."""
    address, command = directory / "commands", directory / "citewire"
    command.write_text(_CALLS.format(python=sys.executable, address=str(address)))
    command.chmod(0o755)
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind(str(address))
        listening.listen()
        waiting = [sys.executable, "-m", "tests.resident", str(listening.fileno())]
        with subprocess.Popen(waiting, cwd=ROOT, pass_fds=[listening.fileno()]) as process:
            try:
                yield f"{directory}:{Path(sys.executable).parent}:{os.environ['PATH']}"
            finally:
                process.terminate()


def main() -> None:
    """Do the commands that come, until a signal ends it."""
    import sentence_transformers  # noqa: F401  what takes the time

    import qa.cli

    listening = socket.socket(fileno=int(sys.argv[1]))
    while True:
        asked, _ = listening.accept()
        if os.fork() == 0:
            said, given, _, _ = socket.recv_fds(asked, 65_536, 3)
            arguments, directory = json.loads(said)
            command = os.fork()
            if command == 0:
                for number, one in enumerate(given):
                    os.dup2(one, number)
                listening.close()
                asked.close()
                os.chdir(directory)
                sys.stdin, sys.stdout, sys.stderr = os.fdopen(0), os.fdopen(1, "w"), os.fdopen(2, "w")
                sys.argv = ["citewire", *arguments]
                qa.cli.main()
                sys.exit()
            asked.send(b"%20d" % command)
            status = os.waitpid(command, 0)[1]
            with suppress(BrokenPipeError):
                asked.send(b"%20d" % os.waitstatus_to_exitcode(status))
            os._exit(0)
        asked.close()


if __name__ == "__main__":
    main()
