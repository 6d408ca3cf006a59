const MARKUP = Symbol('markup')

/**
 * A template tag that escapes every value put in, except what the tag itself has made. Lists are
 * joined; `undefined`, `null` and `false` are nothing.
 *
 * @param {TemplateStringsArray} strings
 * @param {...unknown} values
 */
export function html(strings, ...values) {
  const parts = strings.map((part, i) => part + (i < values.length ? toMarkup(values[i]) : ''))
  const markup = parts.join('')
  return { [MARKUP]: markup, toString: () => markup }
}

/**
 * @param {unknown} value
 * @returns {string}
 */
function toMarkup(value) {
  if (Object.hasOwn(Object(value), MARKUP)) return String(value)
  if (Array.isArray(value)) return value.map(toMarkup).join('')
  if (value === undefined || value === null || value === false) return ''
  return escapeText(String(value))
}

/** @param {string} text */
function escapeText(text) {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`)
}
