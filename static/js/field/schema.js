// The phone's database. A released migration never changes; a new schema is one more function.
// tests/fieldwork/schemas/ holds a database of each released version.
import { FieldError, told } from "./errors.js";

export const NAME = "field";

const MIGRATIONS = [
  function first(db) {
    db.createObjectStore("people", { keyPath: "id" }); // who has used this phone, and her key
    db.createObjectStore("settings"); // this device, who uses it now, who sends
    db.createObjectStore("agenda", { keyPath: "person" });
    for (const name of ["drafts", "outbox", "bodies"]) {
      db.createObjectStore(name, { keyPath: "id" }).createIndex("person", "person");
    }
    db.createObjectStore("blobs", { keyPath: ["person", "sha256"] }).createIndex("person", "person");
  },
];

export const VERSION = MIGRATIONS.length;

export function openDatabase(onOutdated) {
  return new Promise((resolve, reject) => {
    if (!globalThis.indexedDB || !globalThis.crypto?.subtle) return reject(new FieldError("storage"));
    const request = indexedDB.open(NAME, VERSION);
    request.onupgradeneeded = (event) => {
      for (const migrate of MIGRATIONS.slice(event.oldVersion)) migrate(request.result, request.transaction);
    };
    request.onblocked = () => reject(new FieldError("other_tab_old"));
    request.onerror = () => {
      const newer = request.error?.name === "VersionError";
      reject(newer ? new FieldError("page_old") : new FieldError("storage", { error: told(request.error) }));
    };
    request.onsuccess = () => {
      // A newer page wants to migrate: let go, or both stand still.
      request.result.onversionchange = () => {
        request.result.close();
        onOutdated();
      };
      resolve(request.result);
    };
  });
}

export function done(request) {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

// ``work(store)`` may wait for nothing but requests of this transaction: the browser ends it
// while anything else, such as encryption, is waited for.
export function transact(db, names, mode, work) {
  return new Promise((resolve, reject) => {
    let result;
    let failure;
    let transaction;
    try {
      transaction = db.transaction(names, mode, { durability: "strict" });
    } catch (error) {
      return reject(new FieldError("page_old", { error: String(error) }));
    }
    transaction.oncomplete = () => resolve(result);
    transaction.onabort = () => reject(told(failure ?? transaction.error));
    work((name) => transaction.objectStore(name)).then(
      (value) => { result = value; },
      (error) => {
        failure = error;
        try { transaction.abort(); } catch { reject(told(error)); }
      },
    );
  });
}
