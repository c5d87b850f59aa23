"""Words for tasks: what people do, step by step, in each kind of activity of an ordinary day. Data only."""

from __future__ import annotations

from stand_in.home_words import HOME_KINDS, Kind

# What cannot be left out of the activity it belongs to.
ESSENTIAL = r"^(?:eating|taking a warm shower|kneading)"

WORKING = r"(?:work|serv|tend|runn?|open|stock|sell|prepar|bak|clos|mind|keep|manag|pour|clean|help)"

KINDS: tuple[Kind, ...] = (
    *HOME_KINDS,
    (
        rf"{WORKING}.*(?:\bpub\b|\btavern\b|\binn\b)",
        (
            "polishing glasses behind the bar",
            "tapping a new barrel",
            "pouring drinks at the bar",
            "carrying plates to the guests",
            "wiping the tables",
            "counting the till",
            "sweeping the floor",
            "chalking the specials on the board",
        ),
    ),
    (
        r"workshop|repair|restor|carpent|workbench|joiner|instrument",
        (
            "sorting the tools in the cabinet",
            "looking the piece over on the workbench",
            "taking off a worn part",
            "measuring a broken part twice",
            "cutting a new part to size",
            "smoothing an edge at the workbench",
            "fitting the parts together",
            "trying whether everything holds",
            "rubbing oil into the wood",
            "writing a bill",
            "sweeping the floor",
        ),
    ),
    (
        r"classroom|teach|pupils|lesson|school",
        (
            "writing the date on the blackboard",
            "reading the register at the desk",
            "explaining a sum at the blackboard",
            "reading a story aloud",
            "walking from desk to desk to help",
            "marking exercise books at the desk",
            "tidying the classroom shelves",
            "watching the children at play",
            "preparing tomorrow's lesson at the desk",
        ),
    ),
    (
        r"research|study|studying|archive|librar|letters of|book about|history",
        (
            "asking for a box of papers at the counter",
            "leafing through old newspapers",
            "copying a faded letter",
            "taking notes at the reading table",
            "looking up a name in the register",
            "comparing two maps of the town",
            "searching the shelves for a volume",
            "reading a chapter at the reading table",
            "sorting note cards by date",
            "drafting a page of the account",
            "returning the books to the shelf",
        ),
    ),
    (
        r"shopping|groceries|errand|buying|to the shop",
        (
            "reading through the shopping list",
            "choosing vegetables at the stand",
            "looking for flour on the shelf",
            "comparing two kinds of cheese",
            "paying at the counter",
            "packing the shopping bag",
        ),
    ),
    (
        rf"{WORKING}.*(?:grocer|store|shop|market|stall)",
        (
            "unlocking the door and switching on the light",
            "setting out the {goods}",
            "filling the shelves",
            "writing price tags at the counter",
            "serving a customer at the counter",
            "counting what is left of the {goods}",
            "sweeping between the shelves",
            "adding up the day's takings at the counter",
        ),
    ),
    (
        r"opening (?:up|the|her|his)|unlocking|closing (?:up|the|her|his)",
        (
            "unlocking the door",
            "switching on the lights",
            "setting out the {goods}",
            "wiping the tables",
            "sweeping the doorstep",
            "writing on the board what there is today",
        ),
    ),
    (
        r"cafe|café|customers|bakery|bakin|counter|guests",
        (
            "taking a tray of buns out of the oven",
            "grinding coffee beans behind the counter",
            "arranging pastries on the counter",
            "taking orders at the tables",
            "pouring coffee for a guest at the counter",
            "slicing a fresh loaf",
            "wiping the tables",
            "washing cups at the sink",
            "trying out a new soup on the stove",
            "counting the change behind the counter",
            "restocking the cake stand",
        ),
    ),
    (
        r"walk|stroll|fresh air|^(?:sitting|resting|spending|enjoying|visiting|watching|listening).*"
        r"(?:\bpark\b|pond|bench|green\b|meadow|square|playground|harbour|river|lake)",
        (
            "strolling along the path",
            "watching the clouds go by",
            "sitting on a bench in the sun",
            "looking for the first blossoms",
            "feeding breadcrumbs to the birds",
            "listening to the wind in the trees",
            "nodding to the passers-by",
            "stopping for a chat with a passer-by",
        ),
    ),
    (
        r"\bpub\b|tavern|\binn\b|\bbar\b|evening with|drink",
        (
            "ordering a drink at the bar",
            "finding a seat among the neighbours",
            "throwing a round of darts",
            "listening to a song from the small stage",
            "laughing at an old joke",
            "sharing a plate of chips",
            "sipping a cider at a table",
            "watching the card players",
            "saying good night to the landlord",
        ),
    ),
    (
        r"garden|planting|watering|vegetable patch",
        (
            "pulling weeds from the vegetable patch",
            "watering the vegetable patch",
            "raking the leaves",
            "sowing a row of radishes",
            "tying up the beans",
            "resting on the garden chair",
        ),
    ),
    (
        r"writing|letters|diary|journal|novel|poem|article",
        (
            "sharpening a pencil at the desk",
            "collecting thoughts on a sheet of paper",
            "writing a first draft at the desk",
            "striking out a clumsy sentence",
            "looking for a better word on the bookshelf",
            "copying the text out fairly",
            "sealing an envelope",
        ),
    ),
    (
        r"piano|music|violin|cello|guitar|accordion|sing|practi[cs]",
        (
            "tuning up",
            "playing scales slowly",
            "practising a difficult passage",
            "humming a melody and writing it down",
            "playing an old tune from memory",
            "turning the pages of a songbook",
        ),
    ),
    (
        r"clean|tidy|laundry|chores|housework|washing",
        (
            "sweeping the kitchen floor",
            "dusting the bookshelf in the living room",
            "folding shirts at the closet",
            "scrubbing the bathroom sink",
            "wiping the stove",
            "straightening the cushions on the sofa",
            "shaking out the rug",
        ),
    ),
    (
        r"reading|book",
        (
            "choosing a book from the bookshelf",
            "reading the first chapter on the sofa",
            "looking up a word",
            "reading another chapter on the sofa",
            "marking a beautiful sentence",
            "dreaming over the open book",
        ),
    ),
    (
        r"rest|relax|sitting|break",
        (
            "looking out of the window",
            "listening to music on the radio",
            "leafing through a magazine on the sofa",
            "dozing off for a moment in an armchair",
            "watering the plants on the sill",
        ),
    ),
)

# For work of no known kind: {goods} are what the background says that one deals with.
WORK = (
    "getting everything ready for work",
    "going over the plan for the day",
    "looking over the {goods}",
    "going on where the work was left",
    "doing the most urgent thing first",
    "answering a question about the {goods}",
    "putting finished work aside",
    "making a note of what is missing",
    "tidying the workplace",
)
# For an activity of no known kind that names its matter.
PROJECT = (
    "making a list for {matter}",
    "gathering what is needed for {matter}",
    "sketching an idea for {matter}",
    "thinking over {matter} in peace",
    "going through the next steps of {matter}",
    "taking care of a detail of {matter}",
    "asking for advice about {matter}",
    "writing down what is left to do for {matter}",
)

# For any other activity.
ANYTHING = (
    "getting everything ready",
    "beginning without haste",
    "going on with the main part",
    "stopping for a moment to look around",
    "trying it a little differently",
    "taking a last careful look",
    "putting things away",
)
