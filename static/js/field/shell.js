// The page under /campo/: what is not sent is always in sight, and the modules draw in <main>.
import { button, h } from "./dom.js";
import { open } from "./engine.js";
import { drawHome } from "./home.js";
import { askBeforeLeaving } from "./leaving.js";
import { LANGUAGES, load } from "./texts.js";
import { keepUpToDate } from "./update.js";

const SCRIPTS = JSON.parse(document.getElementById("field-scripts").textContent);
const SIGN_IN = document.body.dataset.signIn;
const main = document.getElementById("field-app");
const header = document.getElementById("field-header");
const notices = document.getElementById("field-notices");

let texts;
let engine;
let status = {};
let update = null; // what the button of a new version does
let leave = null; // what the module that is drawn wants done when it goes
let drawing = 0;

const route = () => location.hash.replace(/^#\/?/, "").split("/").filter(Boolean).map(decodeURIComponent);
const formOpen = () => Boolean(SCRIPTS[route()[0]]);

function notice(kind, text, ...more) {
  return h("div", { class: `notice notice-${kind}`, role: kind === "problem" ? "alert" : "status" }, h("p", {}, text), ...more);
}

const told = () => [...notices.children].filter((one) => one.classList.contains("notice-problem") && !one.dataset.state);

// null: what was told before is done with.
function failed(error) {
  for (const one of told()) one.remove();
  if (error) notices.prepend(notice("problem", texts.error(error), button("×", (it) => it.parentElement.remove(), { kind: "quiet", "aria-label": texts("cancel") })));
}

async function speak(language) {
  texts = await load(language);
  document.title = `${texts("home")} · Trenza`;
  document.getElementById("field-skip").textContent = texts("skip");
}

function drawHeader() {
  const { person, unsent, pictures, sending } = status;
  const count = sending && unsent ? texts("sending") : unsent ? texts("unsent", { n: unsent }) : pictures ? texts("pictures_unsent", { n: pictures }) : texts("all_sent");
  const others = Object.entries(LANGUAGES).filter(([code]) => code !== texts.language);
  header.replaceChildren(h("div", { class: "strands", "aria-hidden": "true" }, h("span"), h("span"), h("span")),
    h("div", { class: "bound" },
      h("a", { class: "brand", href: "#/" }, "Trenza"),
      h("p", { id: "field-unsent", class: unsent || pictures ? "badge badge-caution" : "badge badge-good", role: "status" }, count),
      h("div", { class: "tools" },
        person && h("span", { class: "person" }, person.name),
        others.map(([code, name]) => button(name, () => choose(code), { kind: "quiet", lang: code, failed })),
        person && button(texts("sign_out"), () => askBeforeLeaving(engine, texts, main, draw), { kind: "quiet", failed }),
        (!person || status.signedIn === false) && h("a", { class: "button button-quiet", href: SIGN_IN }, texts("sign_in")))));
}

function drawNotices() {
  const { person, unsent, others, reachable, signedIn, unsaved, outdated } = status;
  const now = [
    unsaved ? notice("problem", texts("unsaved", { n: unsaved })) : null,
    outdated ? notice("problem", texts("error_page_old")) : null,
    !person ? notice("caution", texts("nobody"), h("a", { class: "button", href: SIGN_IN }, texts("sign_in"))) : null,
    person && signedIn === false ? notice("caution", texts("signed_out"), h("a", { class: "button", href: SIGN_IN }, texts("sign_in"))) : null,
    reachable === false && unsent ? notice("info", texts("unreachable")) : null,
    others ? notice("info", texts("others", { n: others })) : null,
    update ? notice("info", texts("new_version"),
      formOpen() ? h("p", {}, texts("update_later")) : button(texts("update"), update, { failed })) : null,
  ].filter(Boolean);
  for (const one of now) one.dataset.state = "now";
  notices.replaceChildren(...told(), ...now);
}

async function choose(language) {
  await engine?.language(language);
  await speak(language);
  drawHeader();
  drawNotices();
  await draw();
}

async function draw() {
  const mine = ++drawing;
  const gone = leave;
  leave = null;
  await gone?.();
  if (mine !== drawing) return;
  const [name, ...path] = route();
  const place = h("div", { class: "bound" });
  if (name === "sign-out" && engine.person) {
    await askBeforeLeaving(engine, texts, main, () => { location.hash = "#/"; });
  } else if (!SCRIPTS[name]) {
    main.replaceChildren(place);
    leave = drawHome(place, engine, texts, { modules: Object.keys(SCRIPTS), failed });
  } else {
    const module = await import(SCRIPTS[name]).catch(() => null);
    if (mine !== drawing) return;
    main.replaceChildren(place);
    if (!module) place.append(notice("problem", texts("language_failed")));
    else {
      const left = (await module.default.mount(place, engine, texts.of(name), path)) ?? null;
      if (mine !== drawing) return left?.(); // another page was asked for meanwhile
      leave = left;
    }
  }
  drawNotices();
}

async function start() {
  try {
    engine = await open();
  } catch (error) {
    await speak();
    drawHeader();
    main.replaceChildren(h("div", { class: "bound" }, h("h1", {}, texts("home")), notice("problem", texts.error(error))));
    return;
  }
  await speak(await engine.language());
  let person = engine.person?.id;
  engine.onchange(async (now) => {
    status = now;
    if (now.person?.id !== person) {
      // Somebody else uses the phone now: nothing of the one before stays on the screen.
      person = now.person?.id;
      if (formOpen()) location.hash = "#/";
      await speak(await engine.language());
      await draw();
    }
    drawHeader();
    drawNotices();
  });
  addEventListener("hashchange", () => draw().then(() => {
    // A module may have put the focus where one goes on.
    if (!main.contains(document.activeElement)) main.focus();
  }).catch(failed));
  addEventListener("unhandledrejection", ({ reason }) => { if (reason?.code) failed(reason); });
  await draw();
  keepUpToDate({ formOpen, ready: (act) => { update = act; drawNotices(); } }).catch(() => {});
}

start();
