"""Words normalised for comparison: without endings, irregular forms and near synonyms as one, names by country."""

import re
from functools import lru_cache
from typing import NamedTuple

_WORD = re.compile(r"[^\W_]+(?:[.,][0-9]+[^\W_]*)*(?:[-'’.][^\W_]+)*")
_APART = re.compile(r"^[^\W\d_]{3,}(?:-[^\W\d_]{3,})+$")
_STATES = re.compile(r"\bUnited States(?: of America)?\b")
_OWN = re.compile(r"(?:['’]s|['’])$")
_IRREGULAR = (
    "arise arose arisen, bear bore borne, bend bent, bite bit bitten, bleed bled, blow blew blown, breed bred, burn "
    "burnt, cling clung, creep crept, deal dealt, dig dug, "
    "do does did done doing, drink drank drunk, eat ate eaten, feed fed, feel felt, "
    "flee fled, forget forgot forgotten, forgo forwent forgone, freeze froze frozen, hang hung, hide hid hidden, "
    "lay laid, lean leant, leap leapt, learn learnt, light lit, mean meant, mistake mistook mistaken, overcome "
    "overcame, oversee oversaw overseen, overtake overtook overtaken, overthrow overthrew overthrown, prove proven, "
    "ride rode ridden, ring rang rung, shake shook shaken, shine shone, sing sang sung, sit sat, sleep slept, sow "
    "sown, spin spun, spring sprang sprung, stand stood, stick stuck, sting stung, swear swore sworn, sweep swept, "
    "swell swollen, swim swam swum, swing swung, tear tore torn, undergo underwent undergone, understand "
    "understood, undertake undertook undertaken, uphold upheld, spy spies spied spying, wake woke woken, "
    "wear wore worn, weave wove woven, withdraw withdrew withdrawn withdrawal, withhold withheld, withstand withstood"
)
_COUNTRIES = (
    "norwegian norwegians norway, "
    "swedish sweden swede swedes, "
    "polish poland pole poles, "
    "turkish turkey turks, "
    "swiss switzerland, "
    "brazilian brazil brazilians, "
    "mexican mexico mexicans, "
    "australian australia australians, "
    "canadian canada canadians, "
    "taiwanese taiwan, "
    "iranian iran iranians, "
    "israeli israel israelis, "
    "ukrainian ukraine ukrainians, "
    "european europe eu europeans, "
    "indian india indians, "
    "dutch netherlands, "
    "spanish spain spaniard spaniards, "
    "italian italy italians, "
    "french france, "
    "german germany germans, "
    "korean korea koreans, "
    "japanese japan, "
    "russian russia russians, "
    "british britain uk u.k briton britons, "
    "america american americans us u.s usa u.s.a, "
    "chinese china, "
    "afghan afghans afghanistan, albanian albanians albania, algerian algerians algeria, angolan angolans angola, "
    "argentine argentinian argentines argentina, armenian armenians armenia, austrian austrians austria, "
    "azerbaijani azerbaijan, bahraini bahrain, bangladeshi bangladeshis bangladesh, belarusian belarusians belarus, "
    "belgian belgians belgium, bolivian bolivians bolivia, bosnian bosnians bosnia, bulgarian bulgarians bulgaria, "
    "cambodian cambodians cambodia, cameroonian cameroonians cameroon, chilean chileans chile, colombian colombians "
    "colombia, congolese congo, croatian croatians croats croatia, cuban cubans cuba, cypriot cypriots cyprus, "
    "czech czechs czechia, danish danes dane denmark, ecuadorian ecuadorean ecuador, egyptian egyptians egypt, "
    "estonian estonians estonia, ethiopian ethiopians ethiopia, finnish finns finn finland, georgian georgians "
    "georgia, ghanaian ghanaians ghana, greek greeks greece, guatemalan guatemala, haitian haitians haiti, honduran "
    "honduras, hungarian hungarians hungary, icelandic icelanders iceland, indonesian indonesians indonesia, iraqi "
    "iraqis iraq, irish ireland, jamaican jamaicans jamaica, jordanian jordanians jordan, kazakh kazakhs "
    "kazakhstan, kenyan kenyans kenya, kosovan kosovar kosovo, kuwaiti kuwait, kyrgyz kyrgyzstan, laotian laos, "
    "latvian latvians latvia, lebanese lebanon, liberian liberia, libyan libyans libya, lithuanian lithuanians "
    "lithuania, malaysian malaysians malaysia, maltese malta, moldovan moldovans moldova, mongolian mongolians "
    "mongolia, montenegrin montenegro, moroccan moroccans morocco, mozambican mozambique, namibian namibia, "
    "nepalese nepali nepal, nicaraguan nicaragua, nigerian nigerians nigeria, omani oman, pakistani pakistanis "
    "pakistan, palestinian palestinians palestine, panamanian panama, paraguayan paraguay, peruvian peruvians peru, "
    "philippine filipino filipinos philippines, portuguese portugal, qatari qatar, romanian romanians romania, "
    "rwandan rwandans rwanda, saudi saudis, scottish scots scotland, senegalese senegal, serbian serbians serbs "
    "serbia, singaporean singapore, slovak slovaks slovakian slovakia, slovenian slovenians slovenes slovenia, "
    "somali somalis somalia, sudanese sudan, syrian syrians syria, tajik tajiks tajikistan, tanzanian tanzania, "
    "thai thais thailand, tunisian tunisians tunisia, turkmen turkmenistan, ugandan ugandans uganda, emirati "
    "emirates uae, uruguayan uruguay, uzbek uzbeks uzbekistan, venezuelan venezuelans venezuela, vietnamese "
    "vietnam, welsh wales, yemeni yemenis yemen, zambian zambia, zimbabwean zimbabwe, african africans africa, "
    "asian asians asia, arab arabs, scandinavian scandinavia"
)
_ONE = {
    word: group.split()[0]
    for group in (
        "say says said saying tell tells told telling stated note noted notes add added adds report "
        "reported reports reporting claim claimed claims explain explained argue argued comment commented remark "
        "remarked "
        "cite cited cites accord acknowledge acknowledged assert asserted write wrote ruled "
        "insist insisted insists stress stressed declare declared "
        "concede conceded conclude concluded",
        "answer answered answers reply replied respond responded response",
        "buy buys bought buying purchase purchased purchases purchasing buyer buyers",
        "sell sells sold selling sale sales seller sellers",
        "stop stops stopped stopping halt halted halts pause paused pauses suspend suspended suspends suspension",
        "decide decides decided decision decisions deciding mind",
        "company companies firm firms business businesses group groups corporation corporations corporate",
        "forbid forbids forbidden forbade ban bans banned banning prohibit prohibited prohibits bar barred block "
        "blocked",
        "allow allows allowed allowing permit permits permitted let lets letting admit admits admitted",
        "begin begins began begun beginning start starts started starting",
        "chip chips processor processors",
        "chief chiefs head heads boss bosses ceo lead leads leader leaders executive executives led",
        "make makes made making maker makers produce produces produced production producing build built builds "
        "manufacture manufactured manufacturers manufacturer",
        "give gives gave given giving grant granted grants provide provided provides issue issued issues",
        "take takes took taken taking collect collects collected collecting receive received receives",
        "die dies died dead death deaths dying kill killed kills killing killer",
        "meet meets met meeting meetings",
        "import imports imported importing importer importers bring brings brought",
        "export exports exported exporting exporter exporters",
        "leave leaves left leaving depart departed departs",
        "come comes came coming arrive arrived arrives arrival",
        "go goes went gone going travel travelled traveled travels travelling traveling",
        "rise rises rose risen rising increase increased increases increasing grow grows grew grown growing growth "
        "climb "
        "climbed climbs jump jumped jumps surge surged surges soar soared gain gained gains up upward",
        "fall falls fell fallen falling decrease decreased decreases drop dropped drops decline declined declines "
        "plunge plunged slump slumped shrink shrank shrunk slide slid sink sank down downward",
        "win wins won winning victory winner winners",
        "lose loses lost losing loss losses loser losers",
        "defeat defeats defeated defeating",
        "approve approved approves approving approval approvals clear cleared clears",
        "reject rejected rejects rejecting rejection refuse refused refuses refusal turn-down",
        "want wants wanted wanting seek seeks sought wish wished wishes",
        "fear fears feared fearing afraid worry worried worries",
        "know knows knew known knowing knowledge aware familiar",
        "show shows showed shown showing",
        "see sees saw seen seeing",
        "hold holds held holding",
        "keep keeps kept keeping",
        "get gets got gotten getting obtain obtained",
        "pay pays paid paying payment payments",
        "spend spends spent spending",
        "find finds found finding",
        "lie lies lay lain lying",
        "fly flies flew flown flying flight",
        "hit hits hitting affect affected affects",
        "put puts putting set sets impose imposed imposes imposing levy levied",
        "run runs ran running operate operated operates operating",
        "choose chooses chose chosen select selected pick picked",
        "fight fights fought fighting",
        "teach teaches taught",
        "send sends sent sending",
        "speak speaks spoke spoken speaking talk talks talked talking discuss discussed discusses discussing "
        "discussion",
        "beat beats beaten beating",
        "drive drives drove driven driving",
        "shoot shoots shot shooting",
        "steal steals stole stolen",
        "break breaks broke broken",
        "throw throws threw thrown",
        "draw draws drew drawn",
        "hear hears heard hearing",
        "catch catches caught",
        "bring-up raise raised raises",
        "lend lends lent loan loans",
        "think thinks thought",
        "become becomes became",
        "strike strikes struck striking",
        "seize seizes seized seizure",
        "elect elects elected election elections",
        "agree agrees agreed agreeing agreement agreements",
        "man men",
        "cut cuts cutting reduce reduces reduced reducing reduction reductions lower lowered lowers lowering "
        "trim trims trimmed "
        "slash slashed slashes",
        "last final",
        "woman women",
        "child children",
        "large larger largest big bigger biggest great greater",
        "small smaller smallest little",
        "good better best",
        "bad worse worst",
        "need needs needed needing necessary",
        "worth value valued values",
        "share shares shared sharing split divided divide",
        "licence licences license licenses licensed",
        "demand demands demanded demanding",
        "official officials",
        "regulator regulators regulate regulated regulation regulations regulatory",
        "person people persons",
        "employee employees worker workers staff",
        "car cars vehicle vehicles",
        "quick quicker quickly fast faster",
        "centre centres center centers",
        "kilometre kilometres kilometer kilometers km",
        "metre metres meter meters",
        *_IRREGULAR.split(", "),
        *_COUNTRIES.split(", "),
    )
    for word in group.split()
}
"""The first word of each group stands for all of it."""
PEOPLES = frozenset(_ONE[country.split()[0]] for country in _COUNTRIES.split(", "))
"""The stems of countries and of their peoples."""
_STOP = frozenset(
    "a an the this that these those of in on at to from by for with and or but as than then when while which who whom "
    "whose what where why how is are was were be been being has have had having do does did doing will would shall can "
    "could may might must should ought it its itself he him his she her hers they them their theirs themselves we us "
    "you "
    "i our your my there here so such too also both each either about over under into onto out off again further just "
    "own same if because since until although though however whether during between among through against within "
    "across "
    "per via upon toward towards around along amid like not no nor neither none never cannot any some more most less "
    "least very much many few several only now still yet already later ago today yesterday once one ones another other "
    "others all every up-to ahead behind after before it's that's they're didn't don't isn't aren't wasn't weren't "
    "won't can't couldn't wouldn't hasn't haven't hadn't doesn't according accordingly meanwhile moreover therefore "
    "thus "
    "states nearly almost roughly approximately even instead rather case order able unable himself herself far least "
    "soon later earlier up whereas whilst nevertheless nonetheless".split()
) - {"us"}
_ENDINGS = (
    "ations ation ements ement ments ment ings ing ities ity ives ive ness ions ion ally ly ers er ors or ied ies "
    "eds ed es s"
).split()
_SHORTEST = 3
_SPELLINGS = {
    "center": "centre",
    "theater": "theatre",
    "fiber": "fibre",
    "meter": "metre",
    "liter": "litre",
    "defense": "defence",
}
_SPELLINGS |= {"offense": "offence", "program": "programme", "plow": "plough", "traveler": "traveller"}
_SPELLINGS |= {f"{one}or": f"{one}our" for one in "col lab fav hon harb neighb behavi rum arm vap".split()}
"""American spellings, each with the British one."""
_SPELLED = re.compile(r"^(?:" + "|".join(_SPELLINGS) + ")")


class Word(NamedTuple):
    """A word at ``[start, end)`` of a text: as written, in lower case, and what stands for it."""

    text: str
    lower: str
    stem: str
    start: int
    end: int

    @property
    def content(self) -> bool:
        """Whether it says something by itself."""
        return self.lower not in _STOP and self.stem != "say" and len(self.stem) > 1

    @property
    def name(self) -> bool:
        """Whether it is written as a name is: with a capital, or letters and figures in one."""
        return self.text != self.text.lower() and self.text != "I"

    @property
    def first(self) -> bool:
        """Whether it begins its text, so that its capital says nothing."""
        return self.start <= 1 and self.text[1:].islower()


def words(text: str) -> list[Word]:
    """The words of a text, in order; "high-speed" is two, "MI325X" and "Jun-ho" are one."""
    return [*_words(text)]


@lru_cache(maxsize=1_024)
def _words(text: str) -> tuple[Word, ...]:
    """Many rules ask for the words of one sentence."""
    found: list[Word] = []
    # Of the same length, so that every word stays at its place.
    text = _STATES.sub(lambda match: "America".ljust(len(match[0])), text)
    for match in _WORD.finditer(text):
        start, written = match.start(), match[0]
        parts = written.split("-") if _APART.match(written) else [written]
        for part in parts:
            bare = _OWN.sub("", part)
            found.append(Word(bare, bare.casefold(), stem(bare), start, start + len(part)))
            start += len(part) + 1
    return tuple(found)


def content(text: str) -> set[str]:
    """The stems of the words in a text that say something."""
    return {word.stem for word in words(text) if word.content}


def stem(word: str) -> str:
    """What stands for a word and its forms: "approved" and "approval" are one, so are "halt" and "pause"."""
    lower = word.casefold().replace("’", "'")
    lower = _SPELLED.sub(lambda match: _SPELLINGS[match[0]], lower)
    # "US" is a country, "us" is not.
    if lower == "us" and word != "US":
        return lower
    if lower in _ONE:
        return _ONE[lower]
    if any(letter.isdigit() for letter in lower):
        return lower
    for ending in _ENDINGS:
        if lower.endswith(ending) and len(lower) - len(ending) >= _SHORTEST and not lower.endswith("ss"):
            lower = lower[: -len(ending)] + ("y" if ending in ("ied", "ies") else "")
            break
    if len(lower) > _SHORTEST and lower[-1] == lower[-2] and lower[-1] not in "aeiouls":
        lower = lower[:-1]
    if len(lower) > _SHORTEST:
        lower = lower[:-1] + "i" if lower.endswith("y") else lower.removesuffix("e")
    return lower
