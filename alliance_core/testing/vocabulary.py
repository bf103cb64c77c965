"""Words that are printed beside the options of a form, from the least to the most, in a few languages.

Words of one step stand for about the same; nothing is said about their order. A word that is not here says nothing.
"""

from __future__ import annotations

from collections.abc import Mapping

FAMILIES: Mapping[str, str] = {
    "how often": """
- never | none of the time | at no time | not at any time | nie | niemals | jamais | nunca | nooit | mai | aldrig
- almost never | hardly ever | fast nie | presque jamais | casi nunca | quase nunca | bijna nooit | quasi mai
- rarely | seldom | selten | rarement | raramente | rara vez | zelden | sällan | sjældent | a little of the time
- occasionally | only occasionally | once in a while | gelegentlich | ab und zu | occasionnellement |
  ocasionalmente | de vez en cuando | af en toe | ibland | some of the time | several days | an einzelnen tagen
- sometimes | now and then | manchmal | parfois | quelquefois | a veces | algunas veces | às vezes | soms | a
  volte | qualche volta | nogle gange | less than half of the time
- fairly often | quite often | ziemlich oft | assez souvent | bastante a menudo | vrij vaak | abbastanza spesso |
  more than half of the time | more than half the days | an mehr als der hälfte der tage
- often | frequently | oft | häufig | souvent | a menudo | con frecuencia | vaak | spesso | ofte | ofta |
  frequentemente | a good bit of the time
- very often | very frequently | sehr oft | sehr häufig | très souvent | muy a menudo | heel vaak | zeer vaak |
  molto spesso | meget ofte | mycket ofta | most of the time | nearly every day | beinahe jeden tag
- almost always | nearly always | usually always | fast immer | presque toujours | casi siempre | quase sempre |
  bijna altijd | quasi sempre
- always | all of the time | all the time | most or all the time | every day | immer | toujours | siempre | sempre
  | altijd | altid | alltid | die ganze zeit
""",
    "how often (days)": """
- not at all | überhaupt nicht | jamais
- several days | an einzelnen tagen | plusieurs jours | varios días
- more than half the days | more than half of the days | an mehr als der hälfte der tage | plus de la moitié du
  temps | más de la mitad de los días
- nearly every day | almost every day | beinahe jeden tag | presque tous les jours | casi todos los días
""",
    "how much": """
- not at all | none | gar nicht | überhaupt nicht | pas du tout | nada | en absoluto | helemaal niet | per niente
  | slet ikke | inte alls | not true at all
- very slightly | very little | hardly at all | kaum | sehr wenig | très peu | muy poco | nauwelijks | molto poco
- a little | slightly | a little bit | a bit | ein wenig | etwas | ein bisschen | un peu | un poco | um pouco |
  een beetje | lidt | lite
- somewhat | partly | moderately | to some extent | in part | teilweise | teils teils | mäßig | mittelmäßig |
  moyennement | en partie | moderadamente | en parte | gedeeltelijk | matig | in parte | delvis
- quite a bit | considerably | a lot | mostly | largely | much | überwiegend | ziemlich | größtenteils | beaucoup
  | plutôt | en grande partie | bastante | mucho | grotendeels | veel | abbastanza | molto | largamente
- very much | a great deal | extremely | sehr | extrem | énormément | extrêmement | muchísimo | heel veel |
  moltissimo | meget
- completely | fully | totally | entirely | völlig | vollständig | ganz und gar | voll und ganz | complètement |
  tout à fait | entièrement | completamente | totalmente | volledig | helemaal | del tutto | fuldstændigt
""",
    "how far agreed": """
- strongly disagree | completely disagree | very strongly disagree | stimme überhaupt nicht zu | trifft überhaupt
  nicht zu | stimme gar nicht zu | pas du tout d'accord | totalmente en desacuerdo | helemaal mee oneens |
  completamente in disaccordo | discordo totalmente | helt uenig
- disagree | moderately disagree | stimme nicht zu | trifft nicht zu | pas d'accord | en desacuerdo | mee oneens |
  oneens | in disaccordo | discordo | uenig
- slightly disagree | somewhat disagree | mildly disagree | stimme eher nicht zu | trifft eher nicht zu | plutôt
  pas d'accord | algo en desacuerdo | enigszins oneens | leggermente in disaccordo
- neither agree nor disagree | neutral | undecided | weder noch | teils teils | ni d'accord ni pas d'accord | ni
  de acuerdo ni en desacuerdo | neutraal | né d'accordo né in disaccordo
- slightly agree | somewhat agree | mildly agree | stimme eher zu | trifft eher zu | plutôt d'accord | algo de
  acuerdo | enigszins eens | leggermente d'accordo
- agree | moderately agree | stimme zu | trifft zu | d'accord | de acuerdo | mee eens | eens | d'accordo |
  concordo | enig
- strongly agree | completely agree | very strongly agree | stimme voll und ganz zu | stimme völlig zu | trifft
  voll und ganz zu | trifft völlig zu | tout à fait d'accord | totalmente de acuerdo | helemaal mee eens |
  completamente d'accordo | concordo totalmente | helt enig
""",
    "how true": """
- not at all true | very untrue | completely untrue | false | not true
- rarely true | somewhat untrue | slightly true
- sometimes true | somewhat true | moderately true
- often true | mostly true | true
- always true | very true | completely true | extremely true
""",
    "how good": """
- very poor | very bad | terrible | sehr schlecht | très mauvais | muy malo | zeer slecht
- poor | bad | schlecht | mauvais | malo | slecht | dårlig
- fair | acceptable | mäßig | passable | regular | matig
- good | gut | bon | bueno | goed | buono | god
- very good | sehr gut | très bon | muy bueno | zeer goed | molto buono
- excellent | ausgezeichnet | hervorragend | excelente | uitstekend | eccellente
""",
    "how satisfied": """
- very dissatisfied | quite dissatisfied | extremely dissatisfied | sehr unzufrieden | très insatisfait
- dissatisfied | mostly dissatisfied | unzufrieden | insatisfait
- indifferent or mildly dissatisfied | mildly dissatisfied | slightly dissatisfied | leicht unzufrieden
- neither satisfied nor dissatisfied | indifferent
- mildly satisfied | slightly satisfied | somewhat satisfied
- satisfied | mostly satisfied | zufrieden | weitgehend zufrieden | satisfait
- very satisfied | extremely satisfied | sehr zufrieden | très satisfait
""",
    "yes or no": """
- no definitely not | definitely not | nein sicher nicht | eindeutig nicht
- no | no not really | no i don't think so | probably not | nein | non | nee | nej
- partly | in part | maybe | perhaps | unsure | teilweise | en partie | deels
- yes | yes generally | yes i think so | probably | yes a little | ja | oui | sí
- yes definitely | definitely | yes a lot | ja sicher | eindeutig ja
""",
    "how bad": """
- none | no problem | keine | aucun
- mild | slight | leicht | léger | leve | licht
- moderate | mittel | modéré | moderado | matig
- severe | marked | schwer | stark | sévère | grave | ernstig
- very severe | extreme | sehr schwer | très sévère
""",
}
"""What a family of words is about, to its steps, one after each hyphen; words of a step are parted by bars."""


def steps(family: str) -> list[list[str]]:
    """The steps of a family, each with its words."""
    return [step.replace("\n", " ").split("|") for step in f"\n{family}".split("\n- ")[1:]]
