// Pictures for a record, where the programme allows them (off unless the server says otherwise).
// Named by the hash of their content, sent in pieces: what arrived once is not sent again.
import { sha256 } from "./canonical.js";
import { FieldError } from "./errors.js";
import { done } from "./schema.js";
import { ROOT } from "./transport.js";
import { seal, unsealBytes } from "./vault.js";

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

  constructor(desk) {
    this.#desk = desk;
  }

  get allowed() { return this.#desk.features.attachments === true; }

  // Keep a picture for sending: what the record says of it, {sha256, size, type}.
  async add(file) {
    if (!this.allowed) throw new FieldError("attachments_off");
    const person = this.#desk.whose();
    const blob = await shrink(file).catch(() => { throw new FieldError("picture"); });
    const data = await blob.arrayBuffer();
    const hash = await sha256(data);
    const box = await seal(person.key, data, `blob/${person.id}/${hash}`);
    await this.#desk.write(["blobs"], (store) => done(store("blobs").put({ person: person.id, sha256: hash, box })));
    return { sha256: hash, size: data.byteLength, type: blob.type };
  }

  // [{sha256, reason}] of those that are still here; ``reason`` where the server will not have it.
  async list() {
    return (await this.#rows()).map(({ sha256: hash, reason = "" }) => ({ sha256: hash, reason }));
  }

  #rows() {
    const { id } = this.#desk.whose();
    return this.#desk.read(["blobs"], (store) => done(store("blobs").index("person").getAll(id)));
  }

  // Send what waits; one that is cut off is taken up where it stopped, next time.
  async send() {
    if (!this.allowed) return;
    const person = this.#desk.whose();
    for (const row of (await this.#rows()).filter(({ reason }) => !reason)) {
      const data = await unsealBytes(person.key, row.box, `blob/${person.id}/${row.sha256}`);
      const { whole, reason } = await this.#upload(row.sha256, data);
      if (whole || reason) {
        await this.#desk.write(["blobs"], (store) => done(
          whole ? store("blobs").delete([person.id, row.sha256]) : store("blobs").put({ ...row, reason })));
      }
    }
  }

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
      if (answer.status === 400) return { whole: false, reason: answer.data?.reason };
      if (!(answer.offset > offset)) break;
    }
    return { whole: answer.whole };
  }
}
