// A form that is being sent: its button says so and a second press sends nothing.
// <button data-busy="Saving…">; forms may opt out with data-busy-off. Without JavaScript
// the server's own guards (idempotent actions) hold. Can go when browsers do this themselves.
const AGAIN_AFTER = 20000; // ms: a form that answers with a download leaves the page standing

function release(form) {
  delete form.dataset.sent;
  for (const button of form.querySelectorAll('[aria-disabled="true"]')) {
    button.removeAttribute("aria-disabled");
    if (button.dataset.label) button.textContent = button.dataset.label;
  }
}

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (event.defaultPrevented || form.method !== "post" || form.dataset.busyOff !== undefined) return;
  if (form.dataset.sent) {
    event.preventDefault();
    return;
  }
  form.dataset.sent = "yes";
  setTimeout(release, AGAIN_AFTER, form);
  const button = event.submitter;
  if (!button) return;
  // aria-disabled rather than disabled: a disabled button's name and value would not be sent.
  button.setAttribute("aria-disabled", "true");
  if (button.dataset.busy) {
    button.dataset.label = button.textContent;
    button.textContent = button.dataset.busy;
  }
});

// Back from the next page: the browser shows this one as it was left.
window.addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("form[data-sent]")) release(form);
});
