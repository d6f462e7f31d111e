import pytest

from qa.language.tense import Tense, tense


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("The tannery burned down [on Friday].", Tense.PAST),
        ("The tannery will burn no more coal from [Friday].", Tense.AHEAD),
        ("Ms Quill, who runs the tannery, told reporters [on Friday] that it will close.", Tense.PAST),
        ("The inspector said the talks [on Friday] would decide.", Tense.AHEAD),
        ("A man arrested [on Friday] will be charged.", Tense.PAST),
        ("The trial that began [on Friday] is the first of three.", Tense.PAST),
        ("A rival, which reports [on Friday], has not changed its outlook.", Tense.AHEAD),
        ("The judge set the sentencing for [Friday].", Tense.AHEAD),
        ("The judge was fined for [Friday]'s outburst.", Tense.PAST),
        ("The council planned to move the herd to higher ground before [Friday].", Tense.AHEAD),
        ("The council failed to move the herd by [Friday].", Tense.PAST),
        ("The council had planned to move the herd [on Friday].", Tense.PAST),
        ("The price is a third above the closing price [on Friday].", Tense.PAST),
        ("Planned operations fell [on Friday].", Tense.PAST),
        ("The vote, the clerk said, will be held [on Friday].", Tense.AHEAD),
        ("The mine could not be reached [on Friday].", Tense.PAST),
        ("The mine may have been flooded [on Friday].", Tense.PAST),
        ("The mine has been flooded since [Friday].", Tense.PAST),
        ("Hearing adjourned until [Friday]", Tense.AHEAD),
        ("It rained until [Friday].", Tense.PAST),
        ("Clerk to resign [on Friday]", Tense.AHEAD),
        ("Fire in the tannery [on Friday]", Tense.UNKNOWN),
        ("It will close. A fire broke out [on Friday]. It will reopen.", Tense.PAST),
    ],
)
def test_the_verb_says_whether_a_date_is_ahead(sentence: str, expected: Tense) -> None:
    start, end = sentence.index("["), sentence.index("]") - 1
    assert tense(sentence.replace("[", "").replace("]", ""), start, end) is expected
