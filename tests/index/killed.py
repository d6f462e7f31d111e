"""A process that writes to an archive until it is killed, and says what it is about to do and what is done.

    python -m tests.index.killed DIRECTORY SEED NUMBER

Several may write at once, each to articles of its own number. A line is JSON: ``begin`` holds the articles' texts as
they will be, null for deleted; ``done`` says that the last is done.
"""

import json
import random
import sys
from pathlib import Path

from tests.archives import opened, prepared

ARTICLES = 40
"""Articles that one process writes to."""


def main() -> None:
    """Write until killed."""
    directory, seed, number = Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])
    rng = random.Random(f"{seed} {number}")

    def say(**line: object) -> None:
        print(json.dumps(line), flush=True)

    archive = opened(directory)
    say(opened=True)
    while True:
        chosen = rng.sample(range(number * ARTICLES, (number + 1) * ARTICLES), rng.randint(1, 4))
        what = rng.choices(("put", "delete", "erase", "compact"), (12, 4, 1, 3))[0]
        if what == "put":
            texts = {one: f"chips {rng.randrange(10**5):05d} ,ships {one:05d} ." for one in chosen}
            say(begin={f"article-{one}": text for one, text in texts.items()})
            archive.put([prepared(one, text) for one, text in texts.items()])
        elif what == "compact":
            say(begin={})
            archive.compact(force=True)
        else:
            names = [f"article-{one}" for one in chosen]
            say(begin=dict.fromkeys(names))
            (archive.erase if what == "erase" else archive.delete)(*names)
        say(done=True)


if __name__ == "__main__":
    main()
