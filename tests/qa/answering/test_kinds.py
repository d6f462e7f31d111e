"""What is given must be of the kind that is asked for: each sentence has the answer in brackets."""

from typing import NamedTuple

import pytest

from qa.answering.normalization import can_answer, expected_answer, interpret

DEATHS = "How many people died in the Lorn mine?"
TOLL = "What is the death toll of the Lorn fever?"


class Told(NamedTuple):
    before: str
    answer: str
    behind: str


def told(sentence: str) -> Told:
    before, _, rest = sentence.partition("[")
    answer, _, behind = rest.partition("]")
    return Told(before, answer, behind)


def fits(question: str, sentence: str) -> bool:
    asks, one = expected_answer(question), told(sentence)
    return can_answer(interpret(one.answer, asks, None, one.before, one.behind), asks, one.before, one.behind)


@pytest.mark.parametrize(
    ("question", "sentence"),
    [
        # A name, a share or a measure is no count.
        (TOLL, "The town blames [the Lorn fever] for its dead."),
        (TOLL, "The death toll rose by almost [exactly 50%] in a week."),
        ("What was the death toll in Vesper?", "The wards were at [90 degrees] all night."),
        ("How many people drowned off Orrin?", "The rescue cost [$3 million]."),
        ("How many people were arrested in Orrin?", "The hearing lasted [three days]."),
        ("What is the population of Vesper?", "Its population grew by [12 per cent] last year."),
        ("What is the number of injured?", "The coach fell [40 metres] into the gorge."),
        ("How many nurses were hired?", "Wages for nurses rose [7 percent]."),
        # A change is not the whole.
        (TOLL, "Lorn raised its toll by half, adding [1,290] deaths."),
        ("How many people have died in Lorn?", "The number of dead rose by [12] on Friday."),
        ("What is the population of Vesper?", "Its population grew by [3,000] last year."),
        # Another count, by its noun.
        (TOLL, "The county has confirmed [nearly 84,000] infections."),
        (TOLL, "Lorn counts [1,200] cases of the fever."),
        (DEATHS, "The blast left [40] injured."),
        (DEATHS, "Officers made [12] arrests at the gate."),
        (DEATHS, "Infections in the valley rose to [9,300] on Friday."),
        ("How many ferries did the Ardent Yard deliver?", "It took [14] orders last year."),
        ("How many visas did Lorn approve?", "Lorn received [2,300] applications for a visa."),
        ("How many men were convicted over the raid?", "The raid led to [31] arrests."),
        # Another count, by its verb.
        (DEATHS, "The blast killed 19 miners and wounded [40]."),
        (DEATHS, "The blast wounded at least [40] and killed 19."),
        (DEATHS, "Of the 52 on shift, [33 people] were rescued."),
        ("How many people were wounded in Orrin?", "The shelling killed [12 people] in Orrin."),
        ("How many people were wounded in Orrin?", "Four were wounded and [12] killed."),
        ("How many residents were rescued from the flood?", "Some [3,000 residents] were evacuated from the valley."),
        ("How many smugglers were convicted?", "The coast guard arrested [22] smugglers."),
        ("How many pumps did Lorn pledge?", "Lorn has delivered [40] pumps to Orrin."),
        ("How many trams did Vesper take delivery of?", "Vesper ordered [60] trams from Norrland Rail."),
        ("How many licences did the board approve?", "Fishermen applied for [480] licences."),
        ("How many licences did the board approve?", "The board rejected [75] licences."),
        ("How many drones were shot down?", "The navy launched [120] drones overnight."),
        ("How many houses were destroyed?", "The storm damaged [700] houses."),
        ("How many hostages were freed?", "The gang kidnapped [26] miners."),
        ("How many birds were infected?", "The county killed [40,000] birds."),
        ("What was the toll of the Orrin blast?", "It injured [40] people."),
        # Other things.
        ("How many people live on Orrin?", "The island has [300 sheep]."),
        ("How many officers were at the gate?", "Officers faced [75 protesters] at the gate."),
        ("How many boats sank?", "The wave washed away [eleven houses]."),
        ("How many women sit on the council?", "There are [nine men] on the council."),
        # Measures.
        ("How old is Marit Osei?", "Osei was fined [$400]."),
        ("How old is Marit Osei?", "The vote for Osei rose to [61 per cent]."),
        ("How long was the bridge closed?", "Tolls fell [20 per cent]."),
        ("How long is the tunnel?", "The tunnel cost [€40 million]."),
        ("How tall is the Vesper mast?", "The mast cost [$2 million]."),
        ("How tall is the Vesper mast?", "The mast took [two years] to build."),
        ("How much did the new pool cost?", "Costs rose by [12 per cent]."),
        ("How much did the new pool cost?", "The pool is [50 metres] long."),
        ("What share of voters backed the bridge?", "The bridge costs [$40 million]."),
        ("What share of voters backed the bridge?", "The poll asked [1,200 voters]."),
        ("What percentage of the votes did Roth win?", "Roth served for [six years]."),
        ("How far is Orrin from Lorn?", "It was [12 degrees] at Orrin."),
        ("How cold was it in Kestrel?", "The lake was [30 metres] deep."),
        ("How heavy is the bell?", "The bell is [3 metres] tall."),
    ],
)
def test_another_kind_is_no_answer(question: str, sentence: str) -> None:
    assert not fits(question, sentence)


@pytest.mark.parametrize(
    ("question", "sentence"),
    [
        # News leaves out what was said before.
        (DEATHS, "The toll rose to [19]."),
        (DEATHS, "[19], police said."),
        (DEATHS, "The dead number [19]."),
        (DEATHS, "The fire claimed [19 lives]."),
        (DEATHS, "The fire left [19] dead and 40 hurt."),
        (DEATHS, "[19 bodies] were found on Friday."),
        (DEATHS, "There were no survivors among the [19] aboard."),
        (DEATHS, "[Another 12] lost their lives on the road home."),
        (DEATHS, "The blast injured 40 and killed [19]."),
        (DEATHS, "With 40 wounded, the blast cost [19] their lives."),
        (DEATHS, "Of the 84,000 people infected, [4,600] died."),
        (DEATHS, "[19 people] infected with the fever have died."),
        (DEATHS, "Police arrested the foreman after [19] died."),
        (DEATHS, "The quake struck Lorn, where [19] were killed, and Vesper."),
        (DEATHS, "[Half] of the miners died."),
        (TOLL, "The toll stands at [3,869]."),
        (TOLL, "Fatalities: [3,869]; infections: 84,000."),
        (TOLL, "[None]."),
        ("How many people were hurt?", "[Another 12] were hurt."),
        ("How many people were hurt?", "The crash killed or injured [52] people."),
        ("How many people were hurt?", "[52] were killed or injured."),
        ("How many people were hurt?", "[52] were taken to hospital."),
        ("How many of the injured died?", "[Four] of the injured died."),
        ("How many of those infected have died?", "Infections reached 84,000, and [4,600] died."),
        ("How many people were arrested over the killing of Edda Roth?", "[Three] men were detained."),
        ("How many people were evacuated?", "[3,000] residents fled the valley."),
        ("How many people were evacuated?", "[3,000 people] were ordered to leave; evacuation began."),
        ("How many ferries were ordered?", "Lanterna bought [six] ferries."),
        ("How many cars did Norrland sell?", "Norrland delivered [90,000] cars."),
        ("How many chips were approved?", "Regulators cleared [400,000] chips."),
        ("How many of the passengers died?", "[50 per cent] died."),
        ("How many voters approve of the mayor?", "[61%] approve of her."),
        ("How many workers were laid off?", "The yard cut [450] jobs."),
        ("How many jobs did Lorn add?", "Lorn did well in May, adding [3,000] jobs."),
        ("How many more ferries sail?", "The fleet grew by [three]."),
        ("By how many did the toll rise?", "The toll rose by [12]."),
        ("How many people were killed by the flood?", "The flood was followed by [19] deaths."),
        # A share, a change or a measure where that is asked for.
        ("By how many points did the rate rise?", "It rose by [0.5 percentage points]."),
        ("How many dollars did it cost?", "It cost [$5]."),
        ("How many tonnes did Lorn export?", "Exports fell to [816,000 tonnes]."),
        ("How many bombs fell on Orrin?", "[1,000 tons of bombs] fell on Orrin."),
        ("How many days did the strike last?", "It lasted [three weeks]."),
        ("What is the population of Vesper?", "Vesper has [61,000] residents."),
        ("What is the number of ferries in Orrin?", "Orrin has [six]."),
        ("What is the toll for the Orrin bridge?", "Drivers pay [$3]."),
        ("How old is Marit Osei?", "Osei, [61], was fined $400."),
        ("How old is Marit Osei?", "the [61-year-old] mayor"),
        ("How long was the bridge closed?", "It was closed for [a year and a half]."),
        ("How long is the report?", "The [160-page] report"),
        ("How long is the tunnel?", "It is [12 km] long."),
        ("How tall is the Vesper mast?", "It has [40 storeys]."),
        ("How much did the new pool cost?", "It cost [one and a half million] crowns."),
        ("How much did the new pool cost?", "It cost [1 percent] of the budget."),
        ("How much is the pay offer worth?", "It is worth [6%] over two years."),
        ("By how much did costs rise?", "Costs rose by [12 per cent]."),
        ("How much did the share fall?", "It fell [12 per cent]."),
        ("What share of voters backed the bridge?", "[One in five] voters did."),
        ("What share of voters backed the bridge?", "[Two thirds] of voters did."),
        ("What share of judges agreed?", "[Three] of the five judges did."),
        ("How far did shares fall?", "They fell [11.8 per cent]."),
        ("How far is Orrin from Lorn?", "It is [two hours] away."),
        ("How cold was it in Kestrel?", "It was [minus 12 degrees]."),
        ("How heavy is the bell?", "It weighs [400 pounds]."),
        ("Who was killed in Lorn?", "The blast wounded [Tomas Vael]."),
    ],
)
def test_what_fits_is_kept(question: str, sentence: str) -> None:
    assert fits(question, sentence)


@pytest.mark.parametrize(
    ("question", "kind", "counted"),
    [
        ("What is the death toll in Lorn?", "count", "people"),
        ("What death toll did the county give?", "count", "people"),
        ("How high is the death toll?", "count", "people"),
        ("What is the official coronavirus death toll in Lorn?", "count", "people"),
        ("What's the official number of overdue ferries?", "count", "ferries"),
        ("What is the number of ferries in Orrin?", "count", "ferries"),
        ("What number of visitors came?", "count", "visitors"),
        ("What is the population of Vesper?", "count", None),
        ("What is Vesper's population?", "count", None),
        ("What was the toll of the Orrin blast?", "amount", None),
        ("What percentage of the population of Vesper is under 18?", "amount", None),
        ("What was the population increase in Vesper?", None, None),
        ("What is the number of the Vesper bus?", None, None),
        ("What made the death toll leap?", None, None),
        ("What is the reason for the death toll?", None, None),
    ],
)
def test_counts_that_are_asked_for_in_other_words(question: str, kind: str | None, counted: str | None) -> None:
    found = expected_answer(question)
    assert (found.kind, found.counted) == (kind, counted)
