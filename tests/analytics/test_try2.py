import pytest, time
from tests.analytics.test_try import *
from django.core.exceptions import ValidationError
P=trials.PLAN
CASES = {
 "all treated": (P, lambda r: [x|{"grupo":"si"} for x in r]),
 "none treated": (P, lambda r: [x|{"grupo":"no"} for x in r]),
 "three arms": (P, lambda r: [x|{"grupo":["si","no","otro"][int(x["escuela"][-2:])%3]} for x in r]),
 "mixed in cluster": (P, lambda r: [x|{"grupo":"si" if x["salon"][-1]=="0" else "no"} for x in r]),
 "one round before": (P, lambda r: [x for x in r if x["ronda"]==1]),
 "one round after": (P, lambda r: [x for x in r if x["ronda"]==2]),
 "missing col": (P.replace('arm = "grupo"','arm = "brazo"'), None),
 "missing outcome": (P.replace('secondary = ["CAL"]','secondary = ["XYZ"]').replace(', CAL = "CAL_before"',''), None),
 "missing unit": (P.replace('unit = "salon"','unit = "cuarto"'), None),
 "missing cluster": (P.replace('cluster = "centre"','cluster = "zona"'), None),
 "fact absent in rows": (P.replace('by = "ronda"','by = "vuelta"'), None),
 "text covariate": (P.replace('resamples','covariates = ["salon"]\nresamples'), None),
 "text baseline": (P.replace('ALL = "ALL_before"','ALL = "salon"'), None),
 "text outcome": (P.replace('secondary = ["CAL"]','secondary = ["salon"]').replace(', CAL = "CAL_before"',''), None),
 "two centres": (P, lambda r: r[:16]),
 "two rows": (P, lambda r: r[:2]),
 "constant": (P, lambda r: [x|dict.fromkeys("abcdef",5) for x in r]),
 "all missing": (P, lambda r: [x|dict.fromkeys("abcdef","") for x in r]),
 "did no start": (DID.replace('start = "inicio"\n',''), None),
 "did one period": (DID, lambda r: [x for x in r if x["ronda"]==1]),
 "stag one period": (STAG, lambda r: [x for x in r if x["ronda"]==1]),
 "stag all start": (STAG, lambda r: [x|{"inicio":2} for x in r]),
 "stag none start": (STAG, lambda r: [x|{"inicio":""} for x in r]),
 "stag text start": (STAG, lambda r: [x|{"inicio":"mayo"} for x in r]),
 "stag mixed start": (STAG, lambda r: [x|{"inicio":1+int(x["salon"][-1])} for x in r]),
 "stag no rows": (STAG.split("[rows]")[0], None),
 "did sessions": (DID.split("[rows]")[0].replace('period = "period"','period="ronda"').replace('arm = "tratado"\nstart = "inicio"','arm="dosis"'), None),
 "dose text": (DOSE.replace('"dosis"','"grupo"'), None),
 "dose const": (DOSE, lambda r: [x|{"dosis":1} for x in r]),
 "matched few": (MATCHED, lambda r: r[:32]),
 "matched sep": (MATCHED, lambda r: [x|({k:9 for k in "abcdef"} if x["grupo"]=="si" and x["ronda"]==1 else {}) for x in r]),
 "pairs": (P.replace("resamples",'pairs = "dosis"\nresamples'), None),
 "wy": (P.replace("resamples",'multiplicity = "westfall_young"\nresamples'), None),
 "sessions": (P.split("[rows]")[0].replace('baselines = { ALL = "ALL_before", CAL = "CAL_before" }',""), None),
 "ronda text": (DID, lambda r: [x|{"ronda":f"r{x['ronda']}"} for x in r]),
 "ronda frac": (DID, lambda r: [x|{"ronda":x['ronda']+.5} for x in r]),
 "2x2": (DID.split("[rows]")[0].replace('period = "period"','after="ronda"\nestimator="two_by_two"').replace('arm = "tratado"\nstart = "inicio"','arm="dosis"'), lambda r:[x|{"dosis":int(x["grupo"]=="si"),"ronda":x["ronda"]-1} for x in r]),
 "2x2 label": (DID.split("[rows]")[0].replace('period = "period"','after="ronda"\nestimator="two_by_two"').replace('arm = "tratado"\nstart = "inicio"','arm="grupo"\ntreatment="si"'), lambda r:[x|{"ronda":x["ronda"]-1} for x in r]),
}
@pytest.mark.parametrize("name", CASES)
def test_y(db, name):
    text, change = CASES[name]
    top = make.unit("country", code="mx")
    r = trials.rows(gain=1, rounds=(1,2,3) if "stag" in name or "did" in name else (1,2), starts=(2,3,None) if "stag" in name else (2,None), centres=12)
    if change: r = change(r)
    v = trials.imported(top, r)
    try:
        run = trials.computed(trials.written(v, top, text))
    except ValidationError as e:
        print("\n===", name, "INVALID", e.messages); return
    print("\n===", name, run.status, run.failure, undeclared(run.result) if run.result else "")
    if run.result:
        documents.build(REPORT, run.result)
        for n in documents.build(REPORT, run.result).sections[1].notes: print("     ", n)
        print("     ", run.result["doubts"]["tables"]["not_computed"], [ (m["effect"]["value"], m["effect"]["reason"]) for m in run.result["models"].get("tables",{}).get("models",[])])
