// One question to the server. The network is believed only when the answer is JSON: a portal that
// wants a sign-in of its own answers 200 with a page, and a dead connection answers never.
export const ROOT = "/api/field/";
const PATIENCE = 15000; // ms
const SLOWEST = 4; // bytes a ms: what a poor 2G connection still carries

// {status, data, etag, retryAfter}; status 0 where nobody answered, data null where it is no JSON.
export async function ask(method, path, { body, headers = {}, csrf } = {}) {
  const stop = new AbortController();
  const size = body?.length ?? body?.size ?? 0;
  const timer = setTimeout(() => stop.abort(), PATIENCE + size / SLOWEST);
  try {
    const response = await fetch(path, {
      method,
      body,
      headers: csrf ? { ...headers, "X-CSRFToken": csrf } : headers,
      signal: stop.signal,
      redirect: "manual",
      cache: "no-store",
      credentials: "same-origin",
    });
    const json = response.headers.get("Content-Type")?.startsWith("application/json");
    return {
      status: response.status,
      data: json ? await response.json() : null,
      etag: response.headers.get("ETag"),
      retryAfter: Number(response.headers.get("Retry-After")) || 0,
      offset: Number(response.headers.get("Upload-Offset") ?? NaN),
      whole: response.headers.get("Upload-Complete") === "?1",
    };
  } catch {
    return { status: 0, data: null, etag: null, retryAfter: 0, offset: NaN, whole: false };
  } finally {
    clearTimeout(timer);
  }
}
