from core.navigation import FEW, Entry, sections

MENTORING = [Entry(f"m{n}", "home", strand="mentoring", section="Mentoring") for n in range(3)]
HOME = Entry("Home", "home")
OTHERS = [Entry(f"o{n}", "home") for n in range(FEW)]


def test_few_entries_stand_alone():
    assert [one.label for one in sections([HOME, *MENTORING])] == ["", "", "", ""]


def test_many_entries_are_gathered_under_their_sections():
    found = sections([HOME, *MENTORING, *OTHERS])

    assert [(one.label, len(one.entries)) for one in found] == [
        ("", 1),
        ("Mentoring", 3),
        *[("", 1)] * len(OTHERS),
    ]


def test_section_of_one_entry_stands_alone():
    found = sections([HOME, MENTORING[0], *OTHERS])

    assert {one.label for one in found} == {""}
