// <form data-dirty-form>: leaving with unsaved entries asks first (the browser's own words).
// Without JavaScript nothing is asked. Can go when every such form saves as it is filled.
for (const form of document.querySelectorAll("form[data-dirty-form]")) {
  let dirty = form.querySelector('[aria-invalid="true"]') !== null;
  form.addEventListener("input", () => { dirty = true; });
  form.addEventListener("submit", (event) => { if (!event.defaultPrevented) dirty = false; });
  window.addEventListener("beforeunload", (event) => { if (dirty) event.preventDefault(); });
}
