"""Names, jobs and sentence patterns for generated people. Data only.

In the patterns {name} is the person, {doing} the activity at {work}, {place} a public place, both in the form after
"at", {friend} another person of the town and {years} a small number.
"""

from __future__ import annotations

import re
from typing import NamedTuple


class Shift(NamedTuple):
    """Hours of a working day: getting up, work from and until, going to bed (after 24 in the night that follows)."""

    up: int
    start: int
    end: int
    bed: int


EARLY, DAY, LATE = Shift(4, 5, 12, 20), Shift(6, 8, 16, 22), Shift(9, 14, 22, 25)
OFFICE, SHOP = Shift(7, 9, 17, 23), Shift(6, 8, 18, 22)


class Trade(NamedTuple):
    """What people do at places whose names have one of the `words`, in the third person, and at which hours."""

    words: str
    doing: str
    shifts: tuple[Shift, ...]


TRADES = (
    Trade(r"baker", "bakes bread", (EARLY, DAY)),
    Trade(r"cafe|café|coffee|tea ?room|diner|restaurant", "serves the guests", (DAY, OFFICE)),
    Trade(r"\bpub\b|\binn\b|tavern|\bbar\b", "serves the guests", (LATE,)),
    Trade(r"grocer|store|\bshop|market|square", "sells vegetables", (DAY, SHOP)),
    Trade(r"workshop|smith|carpent|joiner", "repairs furniture", (DAY, OFFICE)),
    Trade(r"cycle|bicycle|garage", "repairs bicycles", (OFFICE,)),
    Trade(r"school|college|kindergarten", "teaches", (DAY,)),
    Trade(r"library|archive|museum", "works", (OFFICE,)),
    Trade(r"clinic|hospital|pharmacy|doctor", "works", (EARLY, DAY, LATE)),
    Trade(r"hall|office|bank|police", "works", (DAY, OFFICE)),
    Trade(r"press|newspaper|print", "prints the newspaper", (OFFICE,)),
    Trade(r"garden|farm|nursery|orchard|park", "works", (EARLY, DAY)),
)
ANY_TRADE = Trade("", "works", (DAY, OFFICE))

EATING = r"cafe|café|coffee|tea ?room|diner|restaurant|bakery|\bpub\b"
EVENING = r"\bpub\b|\binn\b|tavern|\bbar\b"
OUTDOORS = r"park|square|garden|green|meadow|beach"

WOMEN = tuple(
    re.findall(
        r"\w+",
        """
        Abena Aino Alma Amira Anouk Astrid Beatriz Bettina Birgit Camila Dalia Daphne Dunja Elif Elin Esra
        Farah Fenna Freya Gesa Greta Halima Hedwig Ines Ioana Irene Ivana Jadwiga Juno Kaia Katrin Laila
        Leonie Lucia Maite Malin Marisol Meera Mirjam Nadia Naomi Nkechi Odile Olena Paloma Petra Qing Radka
        Renata Runa Sachiko Saskia Selma Sunniva Tamsin Thandi Ulla Vesna Wanda Xenia Yara Zofia
        """,
    )
)
MEN = tuple(
    re.findall(
        r"\w+",
        """
        Abel Aidan Alvaro Anders Arjun Bastian Benoit Bjarne Bruno Cas Cosmin Cyril Danilo Desmond Edgar
        Eero Emeka Enzo Faisal Florian Gaspar Goran Hakan Hamid Hugo Idris Igor Ismael Ivo Jasper Joao Kamal
        Kenji Kiran Lasse Leandro Lorcan Luka Malik Marek Mehmet Milan Naveen Nikos Obi Omar Otto Pavel Piet
        Quentin Rafael Rasmus Ruben Samir Silas Stellan Tariq Teodor Ugo Viktor Wim Yannick
        """,
    )
)
FAMILIES = tuple(
    re.findall(
        r"\w+",
        """
        Abrams Aguirre Almeida Andersen Asante Bakker Barros Becker Bianchi Blom Bonnet Botha Calder
        Castellan Chanda Corbett Danso Demir Dubois Egede Eklund Esposito Falk Farkas Fontaine Gallo Garrick
        Ghosh Haas Halvorsen Hoang Horvat Ibarra Ilves Ito Jansen Jokinen Kaplan Kaur Keller Kimura Kovacs
        Larsen Laurent Lindqvist Maduro Marlow Mbeki Meyer Molina Nakata Naylor Nwosu Oduya Olsen Orlov
        Pavic Penrose Quist Rahman Renard Ribeiro Sato Schreiber Seidel Silva Sorel Tanaka Teixeira Thorne
        Urban Varga Vogel Wendt Winther Yilmaz Zielinski Zuber
        """,
    )
)

TRAITS = (
    "patient", "curious", "blunt", "cheerful", "shy", "stubborn", "generous", "forgetful", "orderly", "dreamy", "witty",
    "restless", "careful", "talkative", "proud", "gentle", "inventive", "thrifty", "loyal", "impatient",
)  # fmt: skip

PASTS = (
    "{name} {doing} at {work} and has done so for {years} years.",
    "{name} came to town {years} years ago and found work at {work}.",
    "{name} grew up here and {doing} at {work}.",
    "{name} learned the trade far away and {doing} at {work} now.",
)
PASTS_WITHOUT_WORK = (
    "{name} has left work behind and knows the town by heart.",
    "{name} came to town {years} years ago and is still looking for the right work.",
    "{name} lives from what was saved and likes to help where help is needed.",
)
COMPANY = (
    "{name} has been friends with {friend} for {years} years.",
    "{name} learned a good deal from {friend}.",
    "{name} shares a garden with {friend}.",
    "{name} sings in a choir with {friend}.",
)

PROJECTS = (
    "{name} is learning to play the accordion and looks for somebody to practise with.",
    "{name} is writing down old songs of the town and asks everyone for one.",
    "{name} is saving for a boat and wants to sail to the sea in summer.",
    "{name} is looking for a lost watch and asks everyone about it.",
    "{name} is building a kite for the children of the street.",
    "{name} is collecting seeds and wants to exchange some.",
    "{name} is looking for a partner for a game of chess.",
    "{name} is painting the house anew and cannot choose a colour.",
    "{name} is trying out recipes with nettles and gives a taste to everyone.",
    "{name} is reading about the history of the town and wants to know who built the mill.",
    "{name} is learning to swim and tells nobody but friends about it.",
    "{name} is restoring a clock that stopped sixty years ago.",
)
# {date}, {start} and {end} are the day and the hours.
OCCASIONS = (
    "{name} is planning a picnic at {place} on {date} from {start} to {end} and wants everybody to come.",
    "{name} is organizing a reading at {place} on {date} from {start} to {end} and is looking for stories.",
    "{name} is preparing a small concert at {place} on {date} from {start} to {end} and hopes for many guests.",
    "{name} is giving a party at {place} on {date} from {start} to {end} and invites everyone.",
    "{name} is organizing a chess tournament at {place} on {date} from {start} to {end} and is looking for players.",
    "{name} is planning a swap of old things at {place} on {date} from {start} to {end} and collects what others give.",
)

PASTIMES = (
    "takes a walk", "reads a book", "meets the neighbours", "sketches the passers-by", "talks with the neighbours",
    "plays chess", "sits in the sun", "listens to the birds",
)  # fmt: skip

ACQUAINTANCES = (
    "You have known {friend} for {years} years and you are good friends",
    "You like {friend} and you want to see each other more often",
    "You borrowed a book from {friend} and you have not given it back",
    "You went to school with {friend}",
    "You had a quarrel with {friend} last winter and it is forgotten",
    "You trust {friend} with every secret",
)
