import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.sentences import is_heading, sentences


def split(text: str) -> list[str]:
    return [text[start:end] for start, end in sentences(text)]


# Each line is one text; its sentences stand between bars.
NEWS = """
He was born on Jan. 5. in Washington.|The rest followed.
They left the U.S.|The deal was off.
The U.S. Senate voted in Washington, D.C.|“We lost,” she said.
No. 5 won vs. No. 6 at 5 p.m. Monday in St. Louis.
He said no.|The others agreed.
"It's over," he said.|"We won."
“Is it over?” he asked.|“Yes!” Ms. Orrin said.|(It was late.)|Then rain fell.
Then he left... and came back.|Nobody saw it.|She left…|Rain fell.
I have . . . I forget.
Sales rose 3.5%.|J.P. Morgan, e.g. its bank, paid Acme Inc. $1.5 billion at 5 a.m.|Sen. Smith agreed.
They meet at 8 p.m. ET, 2:35 a.m. (0735 GMT).|Doors open at 7 p.m.|“Come,” he said.
See www.example.com/a.b or https://example.org/x.y?z=1.|John F. Kennedy Jr. spoke.|He wept.
The company was Orrin & Co.|It failed in Sept. 2011.|In Dec.|The banks followed.
Lt. Gov. Ray and Reps. Ann Bo and Li Ma met Sgt. Tom.|Gov. C.L. "Butch" Otter came.
The Post reports.|Others said so last month.|China won in Iowa.|Supporters cheered.
George W. Bush and H.R. McMaster met.|They trust the vitamin C.|It helps.
The Yahoo! site fell.|Yahoo! said so.
"Wham! split up in 1986," she said.|The band was big.
Fans of Wham! met in Lorn.|They sang.
The musical Oliver! opened on Friday.|It ran for years.
Therapy? played in Orrin.|Panic! at the Disco did not.
"Stop!|You are late," she said.|We won!|Nobody was hurt.
It works.[12]|So it does.
1. The first point.|It is short.
Sen. Ed Marlow (D-Mass.) spoke.|Rep. Lo (R-N.Y.) did not.
“Sen. Marlow [Mr. Ed] came.”|“So what?”
They told members.”|Later he left.
The iPhone sold.|iPads did not.
He came in 2012.|17 others had come.
""".strip().splitlines()


@pytest.mark.parametrize("marked", NEWS)
def test_news_prose(marked: str) -> None:
    expected = marked.split("|")
    glue = "" if marked.startswith("They told") else " "

    assert split(glue.join(expected)) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("我们赢了。你呢？“好。”他说。", ["我们赢了。", "你呢？", "“好。”", "他说。"]),
        ("「はい。」と言った。そう！次", ["「はい。」と言った。", "そう！", "次"]),
        ("真的?是的!好", ["真的?", "是的!", "好"]),
        ("क्या हाल है। ठीक है।", ["क्या हाल है।", "ठीक है।"]),
        ("هل فزنا؟ نعم۔ حسنا", ["هل فزنا؟", "نعم۔", "حسنا"]),
        ("우리가 이겼다. 그는 떠났다.", ["우리가 이겼다.", "그는 떠났다."]),
        ("Мы победили. Он ушёл.", ["Мы победили.", "Он ушёл."]),
    ],
)
def test_other_scripts(text: str, expected: list[str]) -> None:
    assert split(text) == expected


def test_a_line_break_ends_a_sentence() -> None:
    text = "Harbour count rises\nBoats came back in May. More are due\r\n• Ferries\r\n\r\n  Cargo  \n\n\n"

    assert split(text) == ["Harbour count rises", "Boats came back in May.", "More are due", "• Ferries", "Cargo"]
    assert sentences(text)[0] == (0, 19)
    assert sentences(text)[-1] == (73, 78)


def test_hard_wrapped_lines_are_joined() -> None:
    text = (
        "HARBOUR COUNT RISES\n"
        "\n"
        "The harbour office in Tallport counted more boats on Monday than it\n"
        "did a year ago, and said so in a report that it sent on to Gov.\n"
        "Mary Orrin. She had asked for it in the spring, when the fleet was\n"
        "small.\n"
        "\n"
        "The next count is due in June, the office said, if the weather lets\r\n"
        "anyone out at all.\n"
        "- a list of boats\n"
        "- a list of crews\n"
    )

    assert split(text) == [
        "HARBOUR COUNT RISES",
        "The harbour office in Tallport counted more boats on Monday than it\n"
        "did a year ago, and said so in a report that it sent on to Gov.\nMary Orrin.",
        "She had asked for it in the spring, when the fleet was\nsmall.",
        "The next count is due in June, the office said, if the weather lets\r\nanyone out at all.",
        "- a list of boats",
        "- a list of crews",
    ]


def test_one_broken_line_among_paragraphs_does_not_make_a_text_wrapped() -> None:
    text = "\n".join(["The count rose on Monday, said the office that keeps the books."] * 5)
    text += "\nThe harbour master of Tallport spoke of a very good year for\nboats"

    assert len(split(text)) == 7


def test_a_lone_quote_mark_is_no_sentence() -> None:
    assert split('We won. He left. "') == ["We won.", 'He left. "']
    assert split('"') == ['"']
    assert split(" \n\t\r\n") == []


def test_a_mark_set_over_a_terminal_stays_with_it() -> None:
    assert split("好。\u0301是") == ["好。\u0301是"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Harbour count rises", True),
        ("By Ann Orrin:", True),
        ("Boats came back.", False),
        ("“Boats came back.”", False),
        ("Will boats come back?", False),
        ("one two three four five six seven eight nine ten eleven twelve", True),
        ("one two three four five six seven eight nine ten eleven twelve thirteen", False),
        ("港口统计上升", True),
        ("港口统计上升。", False),
        ("港口" * 13, False),
    ],
)
def test_is_heading(text: str, expected: bool) -> None:
    assert is_heading(text) is expected


SIGNS = st.text(
    st.one_of(
        st.sampled_from(' \n\r\t.!?…。？۔।"”’)]»abAB1é\u0301\u200d\u00a0\u2028\x85\x1c😀中と'),
        st.characters(exclude_categories=["Cs"]),
    ),
    max_size=200,
)
WORDS = st.lists(st.sampled_from(["U.S.", "Mr.", "he", "The", "left.", '"We', 'won."', "\n", "\r\n\r\n", "5.", "..."]))


@given(st.one_of(SIGNS, WORDS.map(" ".join)))
def test_spans_are_ordered_stripped_and_cover_the_text(text: str) -> None:
    spans = sentences(text)

    end_before = 0
    for start, end in spans:
        assert end_before <= start < end
        assert text[end_before:start].strip() == ""
        assert text[start:end] == text[start:end].strip()
        end_before = end
    assert text[end_before:].strip() == ""


@pytest.mark.parametrize(
    "unit",
    ["a", ".", "!", ". ", "! ", "\n", " \n", "a\n", "!)", '." ', "… ", "。", "A. ", '...x" ', "word word\n", "a.)b"],
)
def test_takes_time_in_proportion_to_the_length(unit: str) -> None:
    def seconds(characters: int) -> float:
        text = unit * (characters // len(unit))
        begun = time.thread_time()
        sentences(text)
        return time.thread_time() - begun

    seconds(100)
    short = max(min(seconds(15_000) for _ in range(2)), 0.002)

    # 8 times the text; a quadratic walk would take 64 times as long.
    assert min(seconds(120_000) for _ in range(2)) < 30 * short


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        # A page ends in the middle of a sentence: a form feed behind a space.
        ("He said \fit was late. She \f\fwent.", ["He said \fit was late.", "She \f\fwent."]),
        # Between paragraphs, or anywhere else, it is a line's end.
        ("The cost\n\f\nIt is high.", ["The cost", "It is high."]),
        ("The cost\fIt is high.", ["The cost", "It is high."]),
        ("The cost \f It is high.", ["The cost", "It is high."]),
    ],
)
def test_a_page_may_end_inside_a_sentence(text: str, expected: list[str]) -> None:
    assert [text[start:end] for start, end in sentences(text)] == expected
