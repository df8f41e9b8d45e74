// Encryption at rest: AES-GCM, a key per person that this browser holds but never gives out.
// A box is {iv, data}; ``about`` ties it to its row, so that none can be put in another's place.
const encoder = new TextEncoder();
const decoder = new TextDecoder();

export function newKey() {
  return crypto.subtle.generateKey({ name: "AES-GCM", length: 256 }, false, ["encrypt", "decrypt"]);
}

function rule(iv, about) {
  return { name: "AES-GCM", iv, additionalData: encoder.encode(about) };
}

export async function seal(key, value, about) {
  const iv = crypto.getRandomValues(new Uint8Array(12));
  const plain = value instanceof ArrayBuffer ? value : encoder.encode(JSON.stringify(value));
  return { iv, data: await crypto.subtle.encrypt(rule(iv, about), key, plain) };
}

export function unsealBytes(key, box, about) {
  return crypto.subtle.decrypt(rule(box.iv, about), key, box.data);
}

export async function unseal(key, box, about) {
  return JSON.parse(decoder.decode(await unsealBytes(key, box, about)));
}
