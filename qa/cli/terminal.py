"""Output for people. Nothing in an article's text can act as a command to the terminal."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TypeVar

from rich.console import Console
from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn, track
from rich.table import Table
from rich.text import Text

from corpus.storage.view import Overview
from corpus.types import Article
from qa.answering.normalization import Meaning
from qa.answering.types import Answer, Citation, Found, NotFoundReason, Reply, RetrievedPassage
from qa.ingestion.outcomes import Outcome
from qa.language.dates import Days
from qa.schemas.answers import ProseOut

T = TypeVar("T")

# Whole escape sequences first (ECMA-48: CSI, OSC and other strings, two-character ones), so that no part of them stays.
_ESCAPES = re.compile(
    r"(?:\x1b\[|\x9b)[0-?]*[ -/]*[@-~]"
    r"|(?:\x1b[\]PX^_]|[\x90\x98\x9d-\x9f])[^\x07\x1b\x9c]*(?:\x07|\x1b\\|\x9c)?"
    r"|\x1b[ -/]*[0-~]"
)
# Other controls, and the marks that change the direction of what follows, even past the end of the text.
_CONTROLS = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")

_REASONS: Mapping[NotFoundReason | None, str] = {
    "empty_archive": "the archive is empty",
    "nothing_matches_filter": "no article matches the filters",
    "no_relevant_article": "no article is about this",
    "low_confidence": "no sentence answers it clearly enough",
}
_WORDS = ((0.95, "almost certain"), (0.85, "very likely"), (0.65, "likely"), (0.4, "uncertain"), (0.0, "doubtful"))


def plain(text: str) -> str:
    """Remove what a terminal would obey: escape sequences, and controls other than line breaks and tabs."""
    return _CONTROLS.sub("", _ESCAPES.sub("", text.replace("\r\n", "\n").replace("\r", "\n")))


def confidence(value: float) -> str:
    """A probability in words and figures."""
    return f"{next(word for least, word in _WORDS if value >= least)} ({value:.2f})"


def print_reply(console: Console, reply: Reply, *, explain: bool = False, prose: ProseOut | None = None) -> None:
    """Print the answers with their citations, or that there is none and the nearest passages. With ``prose``, print it
    too, and number the citations through all answers, as it does.
    """
    match reply.status:
        case "not_found":
            console.print(Text(f"{silent(reply)}: {_REASONS.get(reply.reason, 'no answer was found')}.", "bold"))
        case "conflicting":
            origins = {citation.origin for answer in reply.answers for citation in answer.citations}
            console.print(Text("Reports disagree." if len(origins) > 1 else "Copies of one report disagree.", "bold"))
        case "ambiguous":
            console.print(Text("The question fits more than one event.", "bold"))
    number = 1
    for answer in reply.answers:
        _print_answer(console, answer, number)
        number += len(answer.citations) if prose else 0
    if reply.candidates:
        console.print("\nOther figures found, less sure:")
    for less in reply.candidates:
        where = ", in the headline" if less.in_headline else ""
        about = f"{' '.join(less.text.split())} – {_about(less.citation.article)}{where}, {confidence(less.confidence)}"
        console.print(Text(plain(f"    {about}")), soft_wrap=True)
    if prose:
        _print_prose(console, prose)
    if reply.nearest:
        console.print("\nNearest passages:")
        _print_found(console, reply.nearest)
    print_left_out(console, reply.undated_left_out)
    if explain:
        console.print("\nPassages read:")
        for one in reply.read:
            hit = one.found.hit
            spans = "; ".join(f"{one.found.text[a:b]!r} {score:.2f}" for a, b, score in one.reading.spans[:3])
            place = f"{one.found.article.id} [{hit.start}:{hit.end}]"
            ranks = f"dense {hit.dense_rank or '-'}, words {hit.lexical_rank or '-'}"
            line = f"  {one.reading.score:8.2f}  {place}  {ranks}  {spans}"
            console.print(Text(plain(line.rstrip())), soft_wrap=True)


def silent(reply: Reply) -> str:
    """Who does not say, where there is no answer: the archive, or what of it passes the filters."""
    if not reply.passing or reply.reason == "empty_archive":
        return "The archive does not say"
    return "This one article does not say" if reply.passing == 1 else f"These {reply.passing:,} articles do not say"


def print_left_out(console: Console, undated: int) -> None:
    """Print how many undated articles a filter left out, if any, and how to have them."""
    if undated:
        articles = "1 undated article was" if undated == 1 else f"{undated:,} undated articles were"
        console.print(f"\n{articles} left out; --undated include searches {'it' if undated == 1 else 'them'} too.")


def _print_prose(console: Console, prose: ProseOut) -> None:
    said = " ".join(f"{one.text} {''.join(f'[{place + 1}]' for place in one.citations)}" for one in prose.sentences)
    if said:
        console.print("\nIn prose, each sentence checked against what it cites:")
        console.print(Text(plain(said)))
    if prose.failed:
        console.print(f"\nNo prose: {prose.failed}.")
    if prose.dropped:
        sentences = "1 sentence was" if prose.dropped == 1 else f"{prose.dropped} sentences were"
        console.print(f"\n{sentences} dropped: not supported by the quotes.")


def _print_answer(console: Console, answer: Answer, first_number: int) -> None:
    first, last = answer.dates
    when = "" if first is None else f", published {first}" + (f" to {last}" if last != first else "")
    origins = f"{answer.origins} independent origin" + ("s" if answer.origins != 1 else "")
    earlier = "earlier: " if answer.role == "earlier" else ""
    about = f" — {plain(answer.about)}" if answer.about else ""
    console.print(Text(f"\n{earlier}{plain(answer.text)}{_days(answer.meaning)}{about}", "bold"))
    console.print(Text(f"{confidence(answer.confidence)}, {origins}{when}"))
    for number, citation in enumerate(answer.citations, first_number):
        _print_citation(console, number, citation)


def _days(meaning: Meaning | None) -> str:
    """The days that a date means, if it doesn't give them itself."""
    return f" ({_run(meaning.days)})" if meaning and meaning.days else ""


def _run(days: Days) -> str:
    return f"{days.first}" if days.first == days.last else f"{days.first} to {days.last}"


def _print_citation(console: Console, number: int, citation: Citation) -> None:
    start, end = citation.answer_start - citation.start, citation.answer_end - citation.start
    quote = Text("    “")
    parts = [plain(citation.quote[:start]), plain(citation.quote[start:end]), plain(citation.quote[end:])]
    if "".join(parts) == plain(citation.quote):
        quote.append(parts[0]).append(parts[1], "bold").append(parts[2] + "”")
    else:  # the answer begins or ends inside what is left out
        quote.append(plain(citation.quote) + "”")
    console.print()
    console.print(quote)
    console.print(Text(plain(f"[{number}] {_about(citation.article)}")), soft_wrap=True)
    page = f", page {citation.page}" if citation.page else ""
    place = f"    {citation.article.id} [{citation.start}:{citation.end}]{page}"
    console.print(Text(plain(place), "dim"), soft_wrap=True)
    if citation.article.url:
        console.print(Text(plain(f"    {citation.article.url}"), "dim"), soft_wrap=True)
    if citation.days:
        told = ((" ".join(citation.article.text[one.start : one.end].split()), _run(one)) for one in citation.days)
        console.print(Text(plain("    " + "; ".join(f"{words} = {run}" for words, run in told)), "dim"), soft_wrap=True)
    if first := citation.first_report:
        day = f", {first.published_at[:10]}" if first.published_at else ""
        title = f": “{first.title}”" if first.title else ""
        words = f"    first reported by {first.source or 'an unnamed outlet'}{day}{title}"
        console.print(Text(plain(words), "dim"), soft_wrap=True)
    if copies := [one for one in citation.copies if first is None or one.article_id != first.article_id]:
        others = ", ".join(copy.source or copy.article_id for copy in copies)
        console.print(Text(plain(f"    the same report: {others}"), "dim"), soft_wrap=True)


def print_hits(console: Console, found: Found) -> None:
    """Print hits, best first, or that there are none."""
    if not found.hits:
        console.print("nothing found" if found.state.articles else "nothing found: the archive is empty")
    _print_found(console, found.hits, whole=True)
    print_left_out(console, found.undated_left_out)


def _print_found(console: Console, hits: Sequence[RetrievedPassage], *, whole: bool = False) -> None:
    for found in hits:
        text = " ".join(plain(found.text).split())
        shown = text if whole or len(text) <= 200 else f"{text[:200].rsplit(' ', 1)[0]} …"
        console.print(Text(plain(f"\n[{found.hit.rank}] {_about(found.article)}")), soft_wrap=True)
        console.print(Text(f"    {shown}"))
        place = f"    {found.article.id} [{found.hit.start}:{found.hit.end}]  score {found.hit.score:.4f}"
        console.print(Text(plain(place), "dim"), soft_wrap=True)


def print_article(console: Console, article: Article) -> None:
    """Print an article with its full text."""
    console.print(Text(plain(article.title), "bold"), soft_wrap=True)
    about = (article.source, article.published_at, ", ".join(article.authors), article.language, article.url)
    console.print(Text(plain(" · ".join(one for one in about if one)), "dim"), soft_wrap=True)
    console.print(Text(f"sha256 {article.sha256}", "dim"), soft_wrap=True)
    console.print()
    console.print(Text(plain(article.text)), soft_wrap=True)


def columns(parts: Iterable[str]) -> str:
    """Make one line of columns separated by tabs, which other programs can split."""
    return "\t".join(" ".join(plain(part).split()) for part in parts)


def print_overview(console: Console, overview: Overview, facts: Mapping[str, str]) -> None:
    """Print what an archive holds, and the ``facts`` about how it is searched."""
    state = overview.state
    dates = f"{overview.first_published} to {overview.last_published}" if overview.first_published else "none"
    table = Table.grid(padding=(0, 2))
    rows = {
        "articles": f"{state.articles:,}",
        "chunks": f"{state.chunks:,}",
        "generation": str(state.generation),
        "published": dates,
        **facts,
    }
    for name, value in rows.items():
        table.add_row(name, Text(plain(value)))
    for number, outlet in enumerate(overview.outlets):
        table.add_row("" if number else "sources", Text(plain(f"{outlet.source or '(none)'}: {outlet.articles:,}")))
    console.print(table)


def print_measures(console: Console, measures: Mapping[str, float | None]) -> None:
    """Print measures, one per line: counts as they are, others to three places."""
    for name, value in measures.items():
        said = "-" if value is None else str(value) if isinstance(value, int) else f"{value:.3f}"
        console.print(f"{name:<22}{said:>10}")


def print_outcomes(console: Console, outcomes: Iterable[Outcome], *, verbose: bool = False) -> Iterator[Outcome]:
    """Pass on the outcomes of an ingest, showing progress and one line per rejection (and warning)."""
    columns = (SpinnerColumn(), TextColumn("{task.completed:,.0f} articles"), TextColumn("{task.fields[rate]}"))
    with Progress(*columns, TimeElapsedColumn(), console=console, disable=not console.is_terminal) as shown:
        task = shown.add_task("ingest", total=None, rate="")
        for outcome in outcomes:
            if outcome.outcome == "rejected":
                console.print(Text(plain(f"{outcome.where}: rejected: {outcome.reason}")), soft_wrap=True)
            elif outcome.reason and verbose:
                console.print(Text(plain(f"{outcome.where}: {outcome.outcome}: {outcome.reason}")), soft_wrap=True)
            for warning in outcome.warnings if verbose else ():
                console.print(Text(plain(f"{outcome.where}: warning: {warning}")), soft_wrap=True)
            speed = shown.tasks[0].speed
            shown.update(task, advance=1, rate=f"{speed:.0f}/s" if speed else "")
            yield outcome


def progress(console: Console, questions: Sequence[T]) -> Iterator[T]:
    """Pass on questions, showing progress."""
    yield from track(questions, "asking", console=console, disable=not console.is_terminal)


def _about(article: Article) -> str:
    return " — ".join(one for one in (article.source, article.title, article.published_at) if one) or "untitled"
