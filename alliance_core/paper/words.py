"""The few words that a form itself adds, in the languages of most forms; English where there is none."""

from __future__ import annotations

from collections.abc import Mapping

RIGHT_TO_LEFT = frozenset({"ar", "dv", "fa", "he", "ps", "sd", "ug", "ur", "yi"})
_KEYS = ("case", "session", "date", "by", "client", "therapist", "observer", "supervisor", "supervisee", "carer")
_WORDS = {
    "en": "Case|Session|Date|Filled in by|client|therapist|observer|supervisor|supervisee|carer",
    "de": "Fall|Sitzung|Datum|Ausgefüllt von|Klient|Therapeut|Beobachter|Supervisor|Supervisand|Angehörige",
    "fr": "Dossier|Séance|Date|Rempli par|client|thérapeute|observateur|superviseur|supervisé|proche aidant",
    "es": "Caso|Sesión|Fecha|Rellenado por|cliente|terapeuta|observador|supervisor|supervisado|cuidador",
    "it": "Caso|Seduta|Data|Compilato da|cliente|terapeuta|osservatore|supervisore|supervisionato|familiare",
    "nl": "Casus|Sessie|Datum|Ingevuld door|cliënt|therapeut|observator|supervisor|supervisant|mantelzorger",
    "pt": "Caso|Sessão|Data|Preenchido por|cliente|terapeuta|observador|supervisor|supervisionado|cuidador",
}


def words_of(language: str) -> tuple[str, Mapping[str, str]]:
    """The language that the form's own words are in, and the words."""
    tag = language.split("-", maxsplit=1)[0]
    used = tag if tag in _WORDS else "en"
    return used, dict(zip(_KEYS, _WORDS[used].split("|"), strict=True))


def direction(language: str) -> str:
    """Which way a language is written: ``ltr`` or ``rtl``."""
    return (
        "rtl"
        if language.split("-", maxsplit=1)[0] in RIGHT_TO_LEFT or "-Arab" in language or "-Hebr" in language
        else "ltr"
    )
