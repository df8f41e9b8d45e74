// Pictures of records, where the programme allows them (off unless the server says otherwise).
// Named by the hash of their content, by which a draft or record refers to them; one goes once the
// server has its record, in pieces: what arrived once is not sent again.
import { sha256 } from "./canonical.js";
import { FieldError } from "./errors.js";
import { done } from "./schema.js";
import { THERE } from "./outbox.js";
import { ROOT } from "./transport.js";
import { seal, unseal, unsealBytes } from "./vault.js";

const LONGEST = 1600; // pixels of the longer side
const QUALITY = 0.8;
const PIECE = 128 * 1024; // bytes

// Drawn anew, smaller: a canvas knows nothing of the place, time and device in the original.
export async function shrink(file) {
  const picture = await createImageBitmap(file, { imageOrientation: "from-image" });
  const scale = Math.min(1, LONGEST / Math.max(picture.width, picture.height));
  const canvas = document.createElement("canvas");
  canvas.width = Math.max(1, Math.round(picture.width * scale));
  canvas.height = Math.max(1, Math.round(picture.height * scale));
  canvas.getContext("2d").drawImage(picture, 0, 0, canvas.width, canvas.height);
  picture.close();
  return new Promise((resolve, reject) => {
    canvas.toBlob((blob) => (blob ? resolve(blob) : reject(new FieldError("picture"))), "image/jpeg", QUALITY);
  });
}

export class Attachments {
  #desk;
  #outbox;

  constructor(desk, outbox) {
    this.#desk = desk;
    this.#outbox = outbox;
  }

  get allowed() { return this.#desk.features.attachments === true; }

  // ``file`` as it will be sent: {sha256, put}. ``put(store)`` keeps it, in the transaction that
  // keeps the draft which refers to it (``drafts.saveWith``): so neither is there without the other.
  async make(file) {
    if (!this.allowed) throw new FieldError("attachments_off");
    const blob = await shrink(file).catch(() => { throw new FieldError("picture"); });
    return this.sealed(await blob.arrayBuffer());
  }

  async sealed(data) {
    const { id, key } = this.#desk.whose();
    const hash = await sha256(data);
    const row = { person: id, sha256: hash, box: await seal(key, data, `blob/${id}/${hash}`) };
    return { sha256: hash, put: (store) => store("blobs").put(row) };
  }

  // The bytes of a picture that is still here, or null.
  async data(hash) {
    const { id, key } = this.#desk.whose();
    const row = await this.#desk.read(["blobs"], (store) => done(store("blobs").get([id, hash])));
    return row ? unsealBytes(key, row.box, `blob/${id}/${hash}`) : null;
  }

  // Those that no draft and no record refers to any more are gone.
  async tidy() {
    const { id, key } = this.#desk.whose();
    const hashes = await this.#outbox.pictures(id);
    if (!hashes.length) return;
    // Drafts before records: one may be closed in between.
    const drafts = await this.#desk.read(["drafts"], (store) => done(store("drafts").index("person").getAll(id)));
    const said = JSON.stringify(await Promise.all(drafts.map((row) => unseal(key, row.content, `draft/${id}/${row.id}`))));
    const rows = await this.#outbox.rows();
    const loose = hashes.filter((hash) => !said.includes(hash) && !rows.some((row) => row.blobs?.includes(hash)));
    if (!loose.length) return;
    await this.#desk.write(["blobs"], async (store) => {
      for (const hash of loose) store("blobs").delete([id, hash]);
    });
  }

  // Send those whose records the server has; ``all``: also those whose time has not come.
  async send(all) {
    await this.tidy().catch(() => {}); // a draft that cannot be read may refer to any
    if (!this.allowed) return;
    const person = this.#desk.whose().id;
    for (const row of await this.#outbox.rows()) {
      if (!THERE.has(row.state) || !row.blobs?.length || !(all || row.blobs_at <= Date.now())) continue;
      for (const hash of row.blobs) {
        const data = await this.data(hash).catch(() => undefined); // unreadable: kept, and not in the way
        const whole = data === null || (data && (await this.#upload(hash, data)));
        if (this.#desk.person?.id !== person) return;
        if (whole) await this.#outbox.arrived(hash);
        else await this.#outbox.later(row);
      }
    }
  }

  // Whether the server has all of it now.
  async #upload(hash, data) {
    const path = `${ROOT}blobs/${hash}/`;
    let answer = await this.#desk.ask("HEAD", path);
    while (!answer.whole && answer.offset < data.byteLength) {
      const { offset } = answer;
      const body = new Blob([data.slice(offset, offset + PIECE)]);
      const headers = {
        "Content-Type": "application/octet-stream",
        "Upload-Offset": String(offset), "Upload-Length": String(data.byteLength),
      };
      answer = await this.#desk.ask("PATCH", path, { body, headers });
      if (!(answer.offset > offset)) break;
    }
    return answer.whole;
  }
}
