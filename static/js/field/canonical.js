// The one form in which a record is hashed and sent: the bytes of Python's
// json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False).
const encoder = new TextEncoder();

// Array.sort compares UTF-16 units, which puts 😀 before ～; Python compares code points.
function byCodePoint(left, right) {
  const a = Array.from(left, (one) => one.codePointAt(0));
  const b = Array.from(right, (one) => one.codePointAt(0));
  const at = a.findIndex((point, index) => point !== b[index]);
  if (at === -1) return a.length - b.length;
  return at < b.length ? a[at] - b[at] : 1;
}

// Half an emoji cannot be written in UTF-8 and NUL not be kept in PostgreSQL: a text cut in its
// middle or pasted from elsewhere must not keep a whole visit from being sent.
export function wellFormed(text) {
  return text.replaceAll("\0", "").replace(/[\uD800-\uDFFF]/gu, "\uFFFD");
}

// Whole numbers only: languages write fractions differently. Another number goes as a text.
export function canonical(value) {
  if (value === null || typeof value === "boolean") return String(value);
  if (typeof value === "string") return JSON.stringify(wellFormed(value));
  if (typeof value === "number") {
    if (Number.isSafeInteger(value)) return JSON.stringify(value);
    throw new TypeError(`A record holds whole numbers only, and ${value} is none.`);
  }
  if (Array.isArray(value)) return `[${value.map(canonical).join(",")}]`;
  if (Object.getPrototypeOf(value ?? 0) !== Object.prototype) {
    throw new TypeError(`A record cannot hold ${typeof value}.`);
  }
  const parts = Object.keys(value).sort(byCodePoint).map((key) => {
    if (key !== wellFormed(key)) throw new TypeError("A name in a record is no proper text.");
    return `${JSON.stringify(key)}:${canonical(value[key])}`;
  });
  return `{${parts.join(",")}}`;
}

export async function sha256(data) {
  const bytes = typeof data === "string" ? encoder.encode(data) : data;
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
