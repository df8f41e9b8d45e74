// What can go wrong, each with a code that the page puts into the reader's words ("error_<code>").
export class FieldError extends Error {
  constructor(code, detail = {}) {
    super(code);
    this.name = "FieldError";
    this.code = code;
    this.detail = detail;
  }
}

// The browser's own complaint that its storage is full, as ours.
export function told(error) {
  if (error?.name === "QuotaExceededError") return new FieldError("full");
  return error instanceof Error ? error : new FieldError("storage", { error: String(error) });
}
