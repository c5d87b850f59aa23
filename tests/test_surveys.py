"""Surveys: the questions, the evaluation of the answers, and their files."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from persona.cognitive_modules import converse
from persona.memory_structures.associative_memory import Concept
from persona.persona import Persona
from persona.prompt_template.llm_config import FatalError
from saves.journal import Journal
from saves.text_files import UnusableFile
from scripted import START, ScriptedModel, one_by_one, persona
from small_world import ADA, BEN, CLEO
from study import question_file, survey_files
from study.names import Names
from study.question_file import ANSWER_FIRST, Question
from study.support import support
from study.survey_files import Occasion
from study.surveys import Survey, verdict

TOWN = [ADA.name, BEN.name, CLEO.name]
OCCASION = Occasion("town", 12, START, "a model", [])


@pytest.fixture
def model(monkeypatch: pytest.MonkeyPatch) -> ScriptedModel:
    """Answers every interview with yes, unless a test changes that."""
    return ScriptedModel(interview={"answer": "Yes, of course."}).install(monkeypatch)


def remember(someone: Persona, text: str, *, minutes_ago: int = 0) -> Any:
    concept = Concept(someone.name, "sees", text, text, text, 3, ())
    return someone.a_mem.add_event(concept, START - timedelta(minutes=minutes_ago))


def everybody() -> list[Persona]:
    return [persona(who) for who in (ADA, BEN, CLEO)]


def surveyed(people: list[Persona], *texts: str) -> Survey:
    survey = Survey(written(*texts), people, TOWN)
    survey.ask(one_by_one, int)
    return survey


def written(*texts: str) -> list[Question]:
    return [question_file._question(number, text, "a file") for number, text in enumerate(texts, 1)]


# The file


def read(tmp_path: Path, text: str) -> list[Question]:
    file = tmp_path / "questions.txt"
    file.write_text(text, encoding="utf-8")
    return question_file.read(file)


def test_questions_are_lines_between_comments(tmp_path: Path):
    found = read(tmp_path, "\ufeff# about plums\n\n  Who   bakes?  \r\n# more\nWhat is new?")
    assert [(question.number, question.text) for question in found] == [(1, "Who bakes?"), (2, "What is new?")]


@pytest.mark.parametrize(
    ("line", "is_yes_no"),
    [
        ("Do you know of Ada Finch?", True),
        ("haven't you met?", True),
        ("Can’t you sleep?", True),
        ("yes/no: 你认识她吗?", True),
        ("Ben Moss: friend, yes or no?", True),
        ("Who bakes?", False),
        ("Doing well?", False),
        ("What would you do?", False),
    ],
)
def test_which_questions_are_yes_no_questions(line: str, is_yes_no: bool):
    (question,) = written(line)
    assert question.is_yes_no is is_yes_no
    assert not question.text.startswith("yes/no")


def test_yes_or_no_is_asked_for_once():
    asked, told = written("Do you know of plums?", "Is it so, yes or no?")
    assert asked.asked_of(ADA.name, TOWN)[0].text == f"Do you know of plums? {ANSWER_FIRST}"
    assert told.asked_of(ADA.name, TOWN)[0].text == "Is it so, yes or no?"


def test_everybody_means_each_other_person():
    (question,) = written("What do you think of {everybody}?")
    asked = question.asked_of(BEN.name, TOWN)
    assert [(each.about, each.text) for each in asked] == [
        (ADA.name, "What do you think of Ada Finch?"),
        (CLEO.name, "What do you think of Cleo Dunn?"),
    ]


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("Who?\nDo you know {name}?", r"questions.txt, line 2: '{name}' is not a placeholder; only {everybody} is"),
        ("Who {", "line 1: '{' is not a placeholder"),
        ("Who }?", "line 1: '}' is not a placeholder"),
        ("x" * 1001, "line 1: a question has 1 to 1000 characters, this one 1001"),
        ("\nyes/no:", "line 2: a question has 1 to 1000 characters, this one 0"),
        ("# nothing\n\n", "questions.txt holds no question. Write one a line"),
    ],
)
def test_errors_in_a_file_are_reported_with_their_line(tmp_path: Path, text: str, fault: str):
    with pytest.raises(UnusableFile, match=fault):
        read(tmp_path, text)


# Verdicts


@pytest.mark.parametrize(
    ("answer", "is_it"),
    [
        ("Yes, I know him. No doubt.", "yes"),
        ("No.", "no"),
        ("是的，我认识他。", "yes"),
        ("Non, pas du tout.", "no"),
        ("I have never heard of her.", "no"),
        ("I don’t know him.", "no"),
        ("He lives next door. Yes!", "unclear"),
        ("Perhaps.", "unclear"),
        ("I have met Rosa Lindqvist, but I do not know if she teaches.", "yes"),
        ("I know Rosa well.", "yes"),
        ("I know nobody of that name.", "unclear"),
        ("I've heard of it.", "yes"),
        ("Of course!", "yes"),
        ("Of course not.", "no"),
        ("Certainly not!", "no"),
        ("Absolutely not, she is new.", "no"),
        ("I am not aware of a supper.", "no"),
        ("I do not go there.", "unclear"),
    ],
)
def test_the_first_sentence_decides(answer: str, is_it: str):
    assert verdict(answer) == is_it


# Support


def rests_on(someone: Persona, question: str, answer: str = "Yes.") -> tuple[str, list[str], list[str]]:
    found = support(someone, question, answer, Names(TOWN), [])
    return found.in_words, list(found.texts), list(found.unknown)


def test_a_person_named_in_a_memory_is_known():
    ada = persona(ADA)
    remember(ada, "Ben Moss is counting fish")
    assert rests_on(ada, "Do you know of Ben Moss?") == ("yes", ["Ben Moss is counting fish"], [])
    assert rests_on(ada, "Do you know of Cleo Dunn?") == ("no", [], [CLEO.name])


def test_the_identity_of_a_persona_counts_as_known():
    told = "Background: Cleo Dunn rents a corner of Ben Moss's house and studies music."
    assert rests_on(persona(CLEO), "Do you know of Ben Moss?") == ("yes", [told], [])


def test_a_line_of_a_conversation_is_known():
    ada = persona(ADA)
    talk = Concept(ADA.name, "chat with", BEN.name, "conversing about fish", "fish", 4, ())
    ada.a_mem.add_chat(talk, START, [(BEN.name, "Cleo sings at a lantern supper.")])
    known = "conversing about fish (with Ben Moss) / Ben Moss: Cleo sings at a lantern supper."
    assert rests_on(ada, "Do you know of Cleo Dunn?") == ("yes", [known], [])


def test_people_named_only_in_the_answer_must_be_known_too():
    assert rests_on(persona(ADA), "Who counts fish?", "That is Ben.") == ("no", [], [BEN.name])


def test_a_shared_first_name_identifies_nobody():
    ada = persona(ADA)
    remember(ada, "Ben is counting fish")
    assert support(ada, "Do you know of Ben Moss?", "Yes.", Names([*TOWN, "Ben Hill"]), []).unknown == (BEN.name,)


@pytest.mark.parametrize(
    ("memory", "is_known"),
    [
        ("a supper by the light of lanterns", "yes"),
        ("a breakfast by the light of lanterns", "no"),
        ("a glantern for supper", "no"),
    ],
)
@pytest.mark.parametrize("question", ['Have you heard of the "Lantern Suppers"?', "Do you know “the lantern supper”?"])
def test_a_quotation_is_known_if_a_memory_has_all_its_words(memory: str, is_known: str, question: str):
    ada = persona(ADA)
    remember(ada, f"Ada Finch hears of {memory} in the park")
    assert rests_on(ada, question)[0] == is_known


@pytest.mark.parametrize(
    ("question", "unknown"),
    [
        ("Do you know Rosa Lindqvist?", ["Rosa Lindqvist"]),
        ("Have you met Óscar Ñandú-Pérez, the piper?", ["Óscar Ñandú"]),
        ("Знаешь ли ты Ольгу Белову?", ["Ольгу Белову"]),
        ("Kennst du Őrsi Țurcanu und Šime Žic?", ["Őrsi Țurcanu", "Šime Žic"]),
        ("Is Ada Finch Ben Moss's friend?", [BEN.name]),
        ("Do you know Ben Mossberg?", [BEN.name, "Ben Mossberg"]),
        ("Is it so, Ada?", []),
        ("Good Morning Song, do you know it?", ["Morning Song"]),
    ],
)
def test_an_invented_person_is_unknown(question: str, unknown: list[str]):
    assert rests_on(persona(ADA), question)[2] == unknown


def test_a_person_from_elsewhere_is_known_if_a_memory_names_them():
    ada = persona(ADA)
    remember(ada, "Ada Finch hears of Rosa Lindqvist")
    assert rests_on(ada, "Do you know Rosa Lindqvist?") == ("yes", ["Ada Finch hears of Rosa Lindqvist"], [])


def test_a_place_is_known_by_its_address():
    ada = persona(ADA)
    assert rests_on(ada, "Is the Linden Park open?") == ("yes", ["Linden Park"], [])
    assert rests_on(ada, "Is the Corner Casino open?")[2] == ["Corner Casino"]


def test_an_answer_that_names_nothing_is_not_checked():
    assert rests_on(persona(ADA), "How are you?", "I am well.") == ("", [], [])


def test_of_several_memories_the_retrieved_one_is_shown():
    ada = persona(ADA)
    first = remember(ada, "Ben Moss waves")
    remember(ada, "Ben Moss sleeps")
    assert support(ada, "Do you know of Ben Moss?", "Yes.", Names(TOWN), []).texts == ("Ben Moss sleeps",)
    assert support(ada, "Do you know of Ben Moss?", "Yes.", Names(TOWN), [first]).texts == ("Ben Moss waves",)


def test_a_withheld_memory_supports_nothing():
    ada = persona(ADA)
    remember(ada, "Ben Moss is counting fish")
    ada.a_mem.withheld = ["observation"]
    assert rests_on(ada, "Do you know of Ben Moss?")[0] == "no"


# Asking


def test_everybody_is_asked_everything_question_by_question(model: ScriptedModel):
    found = surveyed(everybody(), "Do you know of {everybody}?", "What is new?").answers
    assert [(answer.persona, answer.asked.number, answer.asked.about) for answer in found] == [
        *((one, 1, other) for one in TOWN for other in TOWN if other != one),
        *((one, 2, "") for one in TOWN),
    ]
    assert {answer.text for answer in found} == {"Yes, of course."}
    assert [answer.verdict for answer in found] == ["yes"] * 6 + [""] * 3


def test_questions_do_not_influence_each_other(model: ScriptedModel):
    ben, alone = persona(BEN), persona(BEN)
    for number in range(40):
        for each in (ben, alone):
            remember(each, f"{'fish' if number % 2 else 'plum'} {number}", minutes_ago=number)
    surveyed([ben], "Which plum?", "Which fish?")
    converse.interview(alone, [("Interviewer", "Which fish?")])
    _, in_survey, by_itself = model.prompts("interview")
    assert in_survey == by_itself


def test_the_retrieved_memories_are_kept_with_an_answer(model: ScriptedModel):
    ben = persona(BEN)
    remember(ben, "zzzz")
    remember(ben, "fish in the pond")
    (answer,) = surveyed([ben], "fish in the pond").answers
    assert answer.memories == ("fish in the pond", "zzzz")


def test_a_no_claims_nothing(model: ScriptedModel):
    model.answers["interview"] = {"answer": "No, I have never met Ben Moss."}
    (answer,) = surveyed([persona(ADA)], "Do you know of Ben Moss?").answers
    assert (answer.verdict, answer.support.in_words) == ("no", "")


@pytest.mark.parametrize(
    ("question", "told", "unknown"),
    [
        ("Do you know of Ben Moss?", "Yes, I know Ben Moss. I don't know where he lives.", (BEN.name,)),
        ("Who counts fish?", "That is Ben Moss. I do not know why.", (BEN.name,)),
        ("Who counts fish?", "I don't know. Maybe Ben Moss.", ()),
    ],
)
def test_a_denial_of_details_does_not_withdraw_the_claim_before_it(
    question: str, told: str, unknown: tuple[str, ...], model: ScriptedModel
):
    model.answers["interview"] = {"answer": told}
    (answer,) = surveyed([persona(ADA)], question).answers
    assert answer.support.unknown == unknown


def test_a_model_that_gives_no_answer_is_not_quoted(model: ScriptedModel):
    model.answers["interview"] = "?!"
    (answer,) = surveyed([persona(ADA)], "Do you know of Ben Moss?").answers
    assert (answer.text, answer.verdict) == ("", "no answer")


def test_answers_before_a_failure_are_kept(model: ScriptedModel):
    model.answers["interview"] = [{"answer": "Yes."}, {"answer": "Plums."}, FatalError("no credits", "pay")]
    survey = Survey(written("What is new?"), everybody(), TOWN)
    with pytest.raises(FatalError):
        survey.ask(one_by_one, int)
    assert [(answer.persona, answer.text) for answer in survey.answers] == [(ADA.name, "Yes."), (BEN.name, "Plums.")]


def test_the_estimate_grows_with_the_answers_and_asks_nothing(model: ScriptedModel, openrouter: None):
    surveys = (Survey(written(*["What is new?"] * times), everybody(), TOWN) for times in (1, 10))
    few, many = (survey.estimate(one_by_one) for survey in surveys)
    assert many.tokens == pytest.approx(10 * few.tokens, rel=0.01)
    assert few.usd is not None
    assert 0 < few.usd < 0.001
    assert model.asked == []


@pytest.mark.parametrize("language", ["", "French"])
def test_the_estimate_counts_the_prompts_that_are_sent(model: ScriptedModel, language: str):
    ben = persona(BEN)
    ben.model.language = language
    for minutes in range(60):  # the latest ones are short, and not those that are retrieved
        remember(ben, "z" if minutes < 30 else f"fish {minutes} in the pond" * 20, minutes_ago=minutes)
    survey = Survey(written("fish in the pond", "{everybody}?"), [ben], TOWN)
    estimate = survey.estimate(one_by_one)
    embedded = list(model.embedded)
    survey.ask(one_by_one, int)
    sent = sum(len(prompt) // 4 for prompt in model.prompts("interview"))
    assert estimate.tokens == pytest.approx(sent + 3 * 60, abs=3)
    assert model.embedded == embedded  # memories are retrieved once


def test_recorded_answers_are_not_in_the_estimate(model: ScriptedModel, tmp_path: Path):
    def continued() -> Survey:
        people, journal = everybody(), Journal(tmp_path / "journal")
        for each in people:
            each.model = each.model.aside(journal)
        return Survey(written("What is new?"), people, TOWN)

    model.answers["interview"] = [{"answer": "Plums."}, FatalError("no credits", "pay")]
    first = continued()
    whole = first.estimate(one_by_one)
    with pytest.raises(FatalError):
        first.ask(one_by_one, int)
    second = continued()
    rest = second.estimate(one_by_one)
    assert (whole.recorded, rest.recorded) == (0, 1)
    assert rest.tokens == pytest.approx(whole.tokens * 2 / 3, rel=0.1)


# Files


def rows(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text)))


def test_the_csv_has_one_row_per_answer(model: ScriptedModel):
    ada = persona(ADA)
    remember(ada, "Ben Moss is counting fish")
    text = survey_files.as_csv(OCCASION, surveyed([ada], "Do you know of {everybody}?").answers)
    first, second = rows(text)
    assert tuple(first) == survey_files.COLUMNS
    assert first == {
        **{"simulation": "town", "step": "12", "time": "2024-05-06 09:00:00", "model": "a model", "without": ""},
        **{
            "persona": ADA.name,
            "question": "1",
            "about": BEN.name,
            "text": f"Do you know of Ben Moss? {ANSWER_FIRST}",
            "answer": "Yes, of course.",
        },
        **{"verdict": "yes", "supported": "yes", "evidence": "Ben Moss is counting fish", "unknown": ""},
        "memories": "Ben Moss is counting fish",
    }
    assert (second["supported"], second["evidence"], second["unknown"]) == ("no", "", CLEO.name)


def test_no_survey_cell_is_a_formula(model: ScriptedModel):
    model.answers["interview"] = {"answer": "=1+1"}
    (row,) = rows(survey_files.as_csv(OCCASION, surveyed([persona(ADA)], "=?").answers))
    assert (row["text"], row["answer"]) == ("'=?", "'=1+1")


def test_the_shares_of_yes_and_no_are_relative_to_everybody_asked(model: ScriptedModel):
    answers = iter(["Yes.", "Yes.", "Yes.", "No.", "Who?", "?!", "?!", "?!"])
    model.answers["interview"] = lambda _: {"answer": next(answers)}
    people = everybody()
    remember(people[0], "Ben Moss waves")
    _, _, row, _, density = survey_files.shares(surveyed(people, "Do you know of {everybody}?"))
    assert row == "| 1. Do you know of {everybody}? | 3 (50%) | 1 (17%) | 1 (17%) | 1 (17%) | 2 |"
    # Ada: Ben, Cleo; Ben: Ada. One pair of three; without support none, for nothing tells Ben of Ada.
    assert density == "Density of question 1 (pairs who both say yes): 0.333; of supported answers 0.000."


def test_an_interrupted_survey_has_no_density(model: ScriptedModel):
    model.answers["interview"] = [{"answer": "Yes."}, FatalError("no credits", "pay")]
    survey = Survey(written("Do you know of {everybody}?"), everybody(), TOWN)
    with pytest.raises(FatalError):
        survey.ask(one_by_one, int)
    assert survey_files.shares(survey)[2:] == [
        "| 1. Do you know of {everybody}? | 1 (100%) | 0 (0%) | 0 (0%) | 0 (0%) | 1 |"
    ]


@pytest.mark.parametrize("asked", [1, 2])
def test_a_survey_of_some_people_has_no_density(model: ScriptedModel, asked: int):
    survey = surveyed(everybody()[:asked], "Do you know of {everybody}?")
    assert len(survey_files.shares(survey)) == 3


def test_a_town_of_one_person_has_no_density(model: ScriptedModel):
    survey = Survey(written("Do you know of {everybody}?"), [persona(ADA)], [ADA.name])
    survey.ask(one_by_one, int)
    assert len(survey_files.shares(survey)) == 3


def test_questions_without_yes_or_no_are_not_counted(model: ScriptedModel):
    assert survey_files.shares(surveyed(everybody(), "What is new?")) == []


def test_the_markdown_marks_unsupported_answers(model: ScriptedModel):
    text = survey_files.as_markdown("plums", OCCASION, surveyed([persona(ADA)], "Do you know of Ben Moss?"))
    assert text.startswith("# Survey: plums\n\ntown as of step 12 (Monday, May 6, 09:00), answered by a model.\n")
    assert "**Ada Finch**: Yes, of course. *(no memory names Ben Moss)*" in text


def test_no_survey_is_overwritten(model: ScriptedModel, tmp_path: Path):
    survey = surveyed([persona(ADA)], "What is new?")
    ablated = OCCASION._replace(without=["reflection", "planning"])
    for occasion in (OCCASION, OCCASION, ablated):
        survey_files.write(tmp_path, "../my questions", occasion, survey)
    stems = ("my_questions_step_12", "my_questions_step_12_2", "my_questions_step_12_without_reflection_planning")
    assert {file.name for file in (tmp_path / "survey").iterdir()} == {
        f"{stem}{end}" for stem in stems for end in (".csv", ".md")
    }


def test_a_table_is_found_by_name_step_and_ablations(model: ScriptedModel, tmp_path: Path):
    survey, asked = surveyed([persona(ADA)], "What is new?"), [(ADA.name, "What is new?")]
    for name, occasion in (
        ("plums", OCCASION._replace(without=["planning"])),
        ("plums", OCCASION._replace(step=OCCASION.step * 10)),
        ("pears", OCCASION),
    ):
        survey_files.write(tmp_path, name, occasion, survey)
    assert survey_files.find(tmp_path, "plums", OCCASION.step, ["planning"], asked)
    assert survey_files.find(tmp_path, "plums", OCCASION.step, [], asked) is None


def stopped(after: int, model: ScriptedModel, *texts: str) -> Survey:
    """A survey of everybody that a failure stops after some answers."""
    model.answers["interview"] = [*[{"answer": "Yes."}] * after, FatalError("no credits", "pay")]
    survey = Survey(written(*texts), everybody(), TOWN)
    with pytest.raises(FatalError):
        survey.ask(one_by_one, int)
    model.answers["interview"] = {"answer": "Yes."}
    return survey


def names_in(folder: Path) -> list[str]:
    return sorted(file.name for file in (folder / "survey").iterdir())


def test_the_files_of_a_stopped_survey_say_that_they_are_partial(model: ScriptedModel, tmp_path: Path):
    survey_files.write(tmp_path, "plums", OCCASION, stopped(2, model, "What is new?"))
    assert names_in(tmp_path) == ["plums_step_12_partial.csv", "plums_step_12_partial.md"]
    text = (tmp_path / "survey" / "plums_step_12_partial.md").read_text(encoding="utf-8")
    assert text.startswith("# Survey: plums (partial: 2 of 3 answers)\n")


def test_a_continued_survey_replaces_its_partial_files(model: ScriptedModel, tmp_path: Path):
    for after in (1, 2):
        survey_files.write(tmp_path, "plums", OCCASION, stopped(after, model, "What is new?"))
        assert names_in(tmp_path) == ["plums_step_12_partial.csv", "plums_step_12_partial.md"]
    survey_files.write(tmp_path, "plums", OCCASION, surveyed(everybody(), "What is new?"))
    assert names_in(tmp_path) == ["plums_step_12.csv", "plums_step_12.md"]


def test_a_survey_replaces_no_partial_files_with_other_answers(model: ScriptedModel, tmp_path: Path):
    survey_files.write(tmp_path, "plums", OCCASION, stopped(2, model, "What is new?"))
    partial = tmp_path / "survey" / "plums_step_12_partial.csv"
    before = partial.read_bytes()
    survey_files.write(tmp_path, "plums", OCCASION, stopped(2, model, "What is old?"))
    survey_files.write(tmp_path, "plums", OCCASION, surveyed(everybody(), "What is odd?"))
    assert partial.read_bytes() == before
    assert [name for name in names_in(tmp_path) if name.endswith(".csv")] == [
        "plums_step_12.csv",
        "plums_step_12_partial.csv",
        "plums_step_12_partial_2.csv",
    ]


def test_a_partial_table_is_not_taken_for_a_finished_one(model: ScriptedModel, tmp_path: Path):
    survey = stopped(2, model, "What is new?")
    survey_files.write(tmp_path, "plums", OCCASION, survey)
    asked = [(answer.persona, answer.asked.text) for answer in survey.answers]
    assert survey_files.find(tmp_path, "plums", OCCASION.step, (), asked) is None
    assert survey_files.find(tmp_path, "plums", OCCASION.step, (), [(name, "What is new?") for name in TOWN]) is None


@pytest.mark.parametrize("edited", [lambda table: table.replace(",", ";"), lambda table: f"{table}é", lambda table: ""])
def test_an_edited_table_is_not_taken_for_the_survey(
    model: ScriptedModel, tmp_path: Path, edited: Callable[[str], str]
):
    table, _ = survey_files.write(tmp_path, "my questions", OCCASION, surveyed([persona(ADA)], "What is new?"))
    asked = [(ADA.name, "What is new?")]
    assert survey_files.find(tmp_path, "my questions", OCCASION.step, (), asked) == table.read_text(encoding="utf-8")
    table.write_text(edited(table.read_text(encoding="utf-8")), encoding="cp1252")
    assert survey_files.find(tmp_path, "my questions", OCCASION.step, (), asked) is None
