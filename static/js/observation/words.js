// Words: those of the page come as `texts`, those of an instrument as {"es": …, "en": …} with gaps.
export function speaking(texts) {
  const { language } = texts;

  /** What an instrument says: in this language, else Spanish, English, any. */
  const said = (text) =>
    typeof text === "string"
      ? text
      : text?.[language] || text?.es || text?.en || Object.values(text ?? {}).find(Boolean) || "";

  const day = (text) =>
    new Date(`${text}T12:00:00`).toLocaleDateString(language, { day: "numeric", month: "short", year: "numeric" });

  return { t: texts, n: (key, count, values = {}) => texts(key, { n: count, ...values }), said, day, language };
}
