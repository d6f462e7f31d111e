import pytest

from corpus.provenance.attribution import agency, attributed, plain


@pytest.mark.parametrize(
    ("sentence", "outlet"),
    [
        ("China approved the chips, Reuters reported on Wednesday.", "Reuters"),
        ("According to Bloomberg News, the plant will close.", "Bloomberg News"),
        ("The plant will close, according to the Bloomberg news agency.", "Bloomberg"),
        ("The minister told the Norrland Wire Agency that he would go.", "Norrland Wire Agency"),
        ("The Harbour Courier first reported the sale.", "Harbour Courier"),
        ("The sale was first reported by the Harbour Courier.", "Harbour Courier"),
        ("He would go, the Associated Press said.", "Associated Press"),
        ("He would go, AP reported.", "AP"),
        ("Documents seen by us show that the plant will close, as Reuters reported.", None),
        ("He told this newspaper that Reuters reported it wrongly.", None),
        ("The minister said that the plant will close.", None),
        ("The Times Square fire was put out.", None),
        ("According to the police, nobody was hurt.", None),
    ],
)
def test_the_outlet_that_a_report_names_as_its_own_source(sentence: str, outlet: str | None) -> None:
    assert attributed(sentence) == outlet


def test_names_of_one_outlet_are_one_when_they_are_compared() -> None:
    assert plain("Bloomberg News") == plain("the Bloomberg") == "bloomberg"
    assert plain("AP") == plain("The Associated Press") == "associated press"


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
