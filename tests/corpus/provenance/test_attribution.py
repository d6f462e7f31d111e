import pytest

from corpus.provenance.attribution import agency, attributed


@pytest.mark.parametrize(
    ("sentence", "outlet"),
    [
        ("China approved the chips, Reuters reported on Wednesday.", "reuters"),
        ("According to Bloomberg News, the plant will close.", "bloomberg"),
        ("The plant will close, according to the Bloomberg news agency.", "bloomberg"),
        ("The minister told the Norrland Wire Agency that he would go.", "norrland wire agency"),
        ("The Harbour Courier first reported the sale.", "harbour courier"),
        ("The sale was first reported by the Harbour Courier.", "harbour courier"),
        ("He would go, the Associated Press said.", "associated press"),
        ("He would go, AP reported.", "associated press"),
        ("Documents seen by us show that the plant will close, as Reuters reported.", None),
        ("He told this newspaper that Reuters reported it wrongly.", None),
        ("The minister said that the plant will close.", None),
        ("The Times Square fire was put out.", None),
        ("According to the police, nobody was hurt.", None),
    ],
)
def test_the_outlet_that_a_report_names_as_its_own_source(sentence: str, outlet: str | None) -> None:
    assert attributed(sentence) == outlet


@pytest.mark.parametrize(
    ("source", "name"),
    [
        ("Reuters", "reuters"),
        ("The Associated Press", "associated press"),
        ("Norrland Wire Agency", "norrland wire agency"),
        ("Harbour Courier", None),
        (None, None),
    ],
)
def test_agencies(source: str | None, name: str | None) -> None:
    assert agency(source) == name
