"""Finding a scale that is turned round: labels that stand at the wrong values, as far as words can tell.

Three things can tell: the definition's own labels, a number that a label begins with, and words for the two extremes
(never and always, not at all and completely) in the commonest languages. Where none of them does, nothing is said.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from fractions import Fraction

from alliance_core.answers import shown
from alliance_core.wording.text import folded

LOW = """
en: never | seldom | rarely | not at all | none of the time | strongly disagree | not at all true
    completely false | at no time
de: nie | niemals | selten | überhaupt nicht | gar nicht | stimme überhaupt nicht zu
    trifft gar nicht zu | trifft überhaupt nicht zu
fr: jamais | rarement | pas du tout | à aucun moment | pas du tout d accord | tout à fait en désaccord
    fortement en désaccord
es: nunca | raramente | rara vez | jamás | nada | en absoluto | para nada | totalmente en desacuerdo
    muy en desacuerdo | ningún día
it: mai | raramente | di rado | per niente | per nulla | affatto | fortemente in disaccordo
    completamente in disaccordo
pt: nunca | raramente | nada | de modo nenhum | de forma nenhuma | discordo totalmente | discordo completamente
nl: nooit | zelden | helemaal niet | geheel niet | helemaal oneens | zeer mee oneens
sv: aldrig | sällan | inte alls | instämmer inte alls
    nb: aldri | ikke i det hele tatt | da: aldrig | slet ikke | overhovedet ikke
pl: nigdy | wcale | wcale nie | zdecydowanie nie | cs: nikdy | vůbec | fi: ei koskaan | ei lainkaan
"""
HIGH = """
en: always | completely | all of the time | strongly agree | very much | extremely | nearly every day
    completely true | most or all of the time | fully | wholly | entirely | totally | very true
de: immer | völlig | vollkommen | vollständig | sehr | stimme völlig zu | trifft völlig zu
    trifft voll zu | beinahe jeden tag
fr: toujours | tout à fait | complètement | extrêmement | tout à fait d accord | fortement d accord
    presque tous les jours
es: siempre | completamente | totalmente | muchísimo | totalmente de acuerdo | muy de acuerdo | casi todos los días
it: sempre | completamente | del tutto | moltissimo | fortemente d accordo | completamente d accordo
    quasi ogni giorno
pt: sempre | completamente | totalmente | concordo totalmente | concordo completamente | quase todos os dias
nl: altijd | helemaal | volledig | helemaal eens | zeer mee eens | bijna elke dag
sv: alltid | helt | fullständigt | instämmer helt
    nb: alltid | fullstendig | helt enig | da: altid | fuldstændigt | helt enig
pl: zawsze | całkowicie | zdecydowanie tak | cs: vždy | zcela | fi: aina | täysin
"""
OTHER_END = "the other end of the scale"
_NUMBERED = re.compile(r"[(\[]?(-?\d+)\s*[)\].:=–-]\s*\D")


def _words(table: str) -> frozenset[str]:
    entries = re.sub(r"\b[a-z]{2}:", "|", table).replace("\n", "|").split("|")
    return frozenset(filter(None, map(folded, entries)))


_LOW, _HIGH = _words(LOW), _words(HIGH)


def faults(where: str, labels: Mapping[Fraction, str], known: Mapping[Fraction, str]) -> Iterator[str]:
    """What tells that labels stand at the wrong values.

    Args:
        where: The key of the labels, for the sentences.
        labels: Value to label, as the wording has them.
        known: Value to label, as the definition has them.
    """
    wrong = list(_moved(labels, known))
    if not wrong:
        wrong = list(_numbered(labels)) or list(_extremes(labels, known))
    turned = len(wrong) > 1 or len(labels) == 2 or any(reason.endswith(OTHER_END) for _, reason in wrong)
    for value, reason in wrong:
        mend = "the scale is turned round; put each label at its own value" if turned else "put it at its own value"
        yield f"{where}: {labels[value]!r:.60} stands at {shown(value)}, but {reason}; {mend}"


def _moved(labels: Mapping[Fraction, str], known: Mapping[Fraction, str]) -> Iterator[tuple[Fraction, str]]:
    home = {folded(words): value for value, words in known.items()}
    for value, words in labels.items():
        own = home.get(folded(words))
        if own is not None and own != value:
            yield value, f"the definition has it at {shown(own)}"


def _numbered(labels: Mapping[Fraction, str]) -> Iterator[tuple[Fraction, str]]:
    said = {value: found[1] for value, words in labels.items() if (found := _NUMBERED.match(words))}
    if len(said) == len(labels) and {Fraction(number) for number in said.values()} == set(labels):
        for value, number in said.items():
            if Fraction(number) != value:
                yield value, f"it says {number}"


def _extremes(labels: Mapping[Fraction, str], known: Mapping[Fraction, str]) -> Iterator[tuple[Fraction, str]]:
    """Both scales have a direction, as far as their ends are words for extremes; they must have the same one."""
    if _direction(labels) * _direction(known) < 0:
        for end in (min(labels), max(labels)):
            if _pole(labels[end]):
                yield end, f"the definition has {known[end]!r:.60} there, and this is {OTHER_END}"


def _direction(labels: Mapping[Fraction, str]) -> int:
    return _pole(labels[max(labels)]) - _pole(labels[min(labels)]) if labels else 0


def _pole(words: str) -> int:
    text = folded(words)
    return (text in _HIGH) - (text in _LOW)
