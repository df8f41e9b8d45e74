// <details> in the header: Escape or a click elsewhere closes what is open, as menus do.
// Without JavaScript they open and close by their own button. Can go when popovers are everywhere.
const header = document.querySelector(".site-header");
function close(except) {
  for (const open of header.querySelectorAll("details[open]")) {
    if (!open.contains(except)) open.open = false;
  }
}
document.addEventListener("click", (event) => {
  // The tools stand beside the menu and are shown with it on a narrow screen.
  if (!event.target.closest(".site-tools")) close(event.target);
});
document.addEventListener("keydown", (event) => {
  const open = header.querySelector("details[open]");
  if (event.key !== "Escape" || !open) return;
  if (header.contains(document.activeElement)) open.querySelector("summary").focus();
  close(null);
});
