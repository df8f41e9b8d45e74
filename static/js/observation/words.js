// Words: those of the interface come in `texts` (key → sentence with %(name)s, or [one, many]),
// those of an instrument as {"es": …, "en": …} with gaps.
export function speaking(texts, language) {
  const fill = (sentence, values) =>
    sentence.replace(/%\((\w+)\)s/g, (_all, name) => String(values[name]));

  const t = (key, values = {}) => fill(texts[key] ?? key, values);

  /** A sentence that depends on a number, which it may name as n. */
  const n = (key, count, values = {}) => {
    const forms = [texts[key] ?? key].flat();
    return fill(count === 1 ? forms[0] : forms.at(-1), { n: count, ...values });
  };

  /** What an instrument says: in this language, else Spanish, English, any. */
  const said = (text) =>
    typeof text === "string"
      ? text
      : text?.[language] || text?.es || text?.en || Object.values(text ?? {}).find(Boolean) || "";

  const day = (text, options = { day: "numeric", month: "short", year: "numeric" }) =>
    new Date(`${text}T12:00:00`).toLocaleDateString(language, options);

  return { t, n, said, day, language };
}
