"""The xAPI words that learning uses: verbs of ADL, activity types of ADL and CMI."""

from tincan import LanguageMap, Verb

INITIALIZED = Verb(
    id="http://adlnet.gov/expapi/verbs/initialized",
    display=LanguageMap({"en": "started", "es": "empezó"}),
)
ANSWERED = Verb(
    id="http://adlnet.gov/expapi/verbs/answered",
    display=LanguageMap({"en": "answered", "es": "respondió"}),
)
COMPLETED = Verb(
    id="http://adlnet.gov/expapi/verbs/completed",
    display=LanguageMap({"en": "completed", "es": "completó"}),
)

LESSON = "http://adlnet.gov/expapi/activities/lesson"
QUESTION = "http://adlnet.gov/expapi/activities/cmi.interaction"
