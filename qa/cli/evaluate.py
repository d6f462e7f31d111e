"""The commands that measure answers and export feedback on them."""

from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from qa.cli.options import ArchiveDir, AsJson, MinConfidence, ReaderName, console, print_json, settings_of


def evaluate(
    gold: Annotated[
        Path,
        typer.Argument(
            metavar="GOLD.jsonl",
            exists=True,
            dir_okay=False,
            help="Questions with their correct answers, one JSON object per line.",
            show_default=False,
        ),
    ],
    archive: ArchiveDir = None,
    min_confidence: MinConfidence = None,
    reader: ReaderName = None,
    as_json: AsJson = False,
) -> None:
    """Ask gold questions and measure how accurate the answers are."""
    from qa.cli.terminal import print_measures, progress
    from qa.engine import open_engine
    from qa.evaluation.evaluate import evaluate as measure
    from qa.evaluation.gold import read_gold

    questions = read_gold(gold)
    with open_engine(settings_of(archive, reader=reader)) as engine:
        report = measure(engine, progress(console(stderr=True), questions), min_confidence=min_confidence)
    if as_json:
        print_json(asdict(report))
    else:
        print_measures(console(), asdict(report))


def feedback(archive: ArchiveDir = None) -> None:
    """Export feedback on answers as gold questions for `citewire evaluate`, one per line."""
    from qa.engine import open_archive
    from qa.evaluation.gold import gold_lines

    with open_archive(settings_of(archive)) as opened, opened.store.read() as view:
        for line in gold_lines(view.feedback):
            typer.echo(line.encode(), nl=False)
