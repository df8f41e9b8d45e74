"""The phone's database: one made by any released version loses nothing."""

import json

import pytest

from tests.files import ROOT

pytestmark = pytest.mark.journey

SCHEMAS = sorted(
    (ROOT / "tests" / "fieldwork" / "schemas").glob("*.json"), key=lambda it: int(it.stem)
)
# Makes the database of an earlier release as it was, key and all, before any of our code runs.
FILL = """async ({ version, stores }) => {
  const bytes = (text) => Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
  const real = async (value) => {
    if (value === null || typeof value !== "object") return value;
    const uses = ["encrypt", "decrypt"];
    if (value.$key) {
      return crypto.subtle.importKey("raw", bytes(value.$key), "AES-GCM", false, uses);
    }
    if (value.$buffer) return bytes(value.$buffer).buffer;
    if (value.$bytes) return bytes(value.$bytes);
    const pairs = Object.entries(value).map(async ([key, one]) => [key, await real(one)]);
    return Object.fromEntries(await Promise.all(pairs));
  };
  const rows = {};
  for (const [name, store] of Object.entries(stores)) {
    rows[name] = await Promise.all(store.rows.map(real));
  }
  const db = await new Promise((resolve) => {
    const asked = indexedDB.open("field", version);
    asked.onupgradeneeded = () => {
      for (const [name, { keyPath, indexes }] of Object.entries(stores)) {
        const made = asked.result.createObjectStore(name, keyPath ? { keyPath } : undefined);
        for (const index of indexes) made.createIndex(index.name, index.keyPath);
      }
    };
    asked.onsuccess = () => resolve(asked.result);
  });
  const writing = db.transaction(Object.keys(stores), "readwrite");
  for (const [name, all] of Object.entries(rows)) {
    for (const { key, value } of all) writing.objectStore(name).put(value, key);
  }
  await new Promise((resolve) => { writing.oncomplete = resolve; });
  db.close();
}"""


@pytest.mark.parametrize("schema", SCHEMAS, ids=lambda file: file.stem)
def test_database_of_each_released_schema_loses_nothing(phone, schema):
    dump = json.loads(schema.read_text(encoding="utf-8"))
    expected = dump["expected"]
    phone.page.goto(f"{phone.office.url}/healthz")
    phone.page.evaluate(FILL, {"version": dump["version"], "stores": dump["stores"]})

    phone.open()

    get = "return Promise.all(given.map(async (id) => { const one = await engine.drafts.get(id);"
    drafts = [one["id"] for one in expected["drafts"]]
    found = phone.do(get + " return { id, title: one.title, content: one.content }; }));", drafts)
    records, told = phone.records(), expected["records"]
    bodies = {key: phone.do("return engine.outbox.body(given);", key) for key in expected["bodies"]}
    assert phone.do("return engine.person.id;") == expected["person"]
    assert found == expected["drafts"]
    assert [{name: records[one["id"]][name] for name in one} for one in told] == told
    assert bodies == expected["bodies"]


def test_each_schema_has_its_database(phone):
    phone.open()

    version = phone.page.evaluate("import('/static/js/field/schema.js').then((it) => it.VERSION)")

    assert [int(file.stem) for file in SCHEMAS] == list(range(1, version + 1))
