import json, time
import pytest
from tests.factories import organisations as make
from tests.factories import trials
from analytics.reports.evaluation import REPORT
from analytics.reports import documents
from analytics.reports.declaration import Kind

def undeclared(result):
    bad=[]
    for s in REPORT.sections:
        got = result.get(s.key, {})
        for n in got.get("notes", []):
            if n["code"] not in REPORT.notes: bad.append((s.key,"note",n["code"]))
        tables = {t.key: t for t in s.tables}
        for k, rows in got.get("tables", {}).items():
            if k not in tables: bad.append((s.key,k)); continue
            cols={c.key:c for c in tables[k].columns}
            for r in rows:
                for c,v in r.items():
                    if c not in cols: bad.append((s.key,k,c))
                    elif cols[c].kind==Kind.WORD and v is not None and str(v) not in cols[c].words: bad.append((s.key,k,c,v))
    return sorted(set(map(str,bad)))

DID=trials.PLAN.replace('"cluster_trial"','"did"').replace('arm = "grupo"\ntreatment = "si"','arm = "tratado"\nstart = "inicio"\nperiod = "period"').replace('baselines = { ALL = "ALL_before", CAL = "CAL_before" }\n','').replace('before = ["1"]\nafter = ["2"]','each = "value"')
STAG=DID.replace('"did"','"staggered"').replace('arm = "tratado"\n','')
DOSE=trials.PLAN.replace('"cluster_trial"','"dose"').replace('arm = "grupo"\ntreatment = "si"','dose = "dosis"')
MATCHED=trials.PLAN.replace('"cluster_trial"','"matched"')
@pytest.mark.parametrize("name", ["trial","null","matched","did","stag","dose"])
def test_x(db, name):
    top = make.unit("country", code="mx")
    t=time.time()
    kw = {"trial": dict(gain=2), "null": dict(gain=0), "matched": dict(gain=2,centres=40,rooms=2), "did": dict(gain=2, rounds=(1,2,3), starts=(2,None)), "stag": dict(gain=2, rounds=(1,2,3,4), starts=(2,3,None)), "dose": dict(gain=1)}[name]
    v = trials.imported(top, trials.rows(**kw)); print("import", time.time()-t); t=time.time()
    text = {"trial": trials.PLAN, "null": trials.PLAN, "matched": MATCHED, "did": DID, "stag": STAG, "dose": DOSE}[name]
    run = trials.computed(trials.written(v, top, text)); print("run", time.time()-t)
    print(run.status, run.failure)
    print(undeclared(run.result))
    d = documents.build(REPORT, run.result)
    for s in d.sections:
        print("##", s.title)
        for n in s.notes: print("  !", n)
        for tb in s.tables:
            print("  ", tb.title, [h.text for h in tb.heads])
            for r in tb.rows[:6]: print("      ", [c.text+("|"+c.beside if c.beside else "") for c in r])
    print(run.table[:400])
