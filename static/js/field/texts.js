// The page's words in one language: texts(key, {n: 3}). A module gets its own keys first.
const said = (id) => JSON.parse(document.getElementById(id).textContent);

export const LANGUAGES = said("field-languages");

function fill(text, values) {
  return text.replace(/%\((\w+)\)s/g, (whole, name) => values[name] ?? whole);
}

function speaker(catalogue, language, prefix) {
  const texts = (key, values = {}) => {
    const text = catalogue[prefix + key] ?? catalogue[key] ?? key;
    return fill(Array.isArray(text) ? text[values.n === 1 ? 0 : 1] : text, values);
  };
  texts.language = language;
  texts.of = (name) => speaker(catalogue, language, `${name}.`);
  texts.date = (when) => new Intl.DateTimeFormat(language === "es" ? "es-MX" : "en-GB",
    { dateStyle: "medium", timeStyle: "short" }).format(new Date(when));
  texts.error = (error) => {
    const key = `error_${error?.code ?? "unknown"}`;
    return texts(catalogue[prefix + key] || catalogue[key] ? key : "error_unknown", error?.detail);
  };
  return texts;
}

// ``wanted``: what the person chose; else what the browser speaks, else Spanish.
export async function load(wanted) {
  const language = [wanted, ...navigator.languages.map((one) => one.slice(0, 2)), "es"].find((one) => LANGUAGES[one]);
  const response = await fetch(said("field-texts")[language]);
  document.documentElement.lang = language;
  return speaker(await response.json(), language, "");
}
