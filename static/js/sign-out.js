// Signing out on any page empties the recorder on this device, too; what it has not sent yet is
// asked about there, by name. Stands before busy.js, which marks a form as sent. Without
// JavaScript there is no recorder either. Can go when the recorder has no page of its own.
const { signOut, field, engine } = document.currentScript.dataset;
const answered = new WeakSet();

// Whether nothing of hers is left to decide about; what fails here must keep nobody signed in.
async function emptied() {
  if (!(await navigator.serviceWorker?.getRegistration(field))) return true;
  const { open } = await import(engine);
  const recorder = await open();
  await recorder.refresh(); // whoever is signed in on the pages uses the recorder, too
  if (recorder.person) await recorder.signOut({ send: true });
  return true;
}

document.addEventListener("submit", async (event) => {
  const form = event.target;
  if (form.getAttribute("action") !== signOut || answered.has(form)) return;
  event.preventDefault();
  const left = await emptied().catch((error) => error.code !== "unsent");
  if (!left) return location.assign(`${field}#/sign-out`);
  answered.add(form);
  form.requestSubmit(event.submitter);
});
