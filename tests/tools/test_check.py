from xml.etree.ElementTree import Element, SubElement

from tools.check import Stage, summary


def report() -> Element:
    """What pytest writes of a run: two passed, one failed, one broke, one was left out."""
    suite = Element("testsuite")
    for outcome in ("", "", "failure", "error", "skipped"):
        case = SubElement(suite, "testcase", name=f"test {outcome}")
        if outcome:
            SubElement(case, outcome, message="no Chromium")
    return suite


def test_summary_adds_up_the_runs_and_tells_what_was_skipped():
    first, second = Stage("sqlite"), Stage("postgresql", verdict="FAILED")
    for stage in (first, second):
        stage._count(report())

    lines = summary([Stage("lint"), first, second]).splitlines()

    assert lines[-1] == "4 passed, 4 failed"
    assert lines[-2] == "SKIPPED test skipped: no Chromium"
    assert [line.split()[:2] for line in lines[2:5]] == [
        ["ok", "lint"],
        ["ok", "sqlite"],
        ["FAILED", "postgresql"],
    ]
