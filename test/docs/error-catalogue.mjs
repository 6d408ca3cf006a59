// @ts-check
import ts from 'typescript'

const LABELS = ['What happened.', 'What the user sees.', 'What to change.']

/**
 * The members of the union `AuthErrorCode`, in their order.
 *
 * @param {string} source the text of `src/errors.ts`
 * @returns {string[]}
 */
export function readErrorCodes(source) {
  const file = ts.createSourceFile('errors.ts', source, ts.ScriptTarget.ES2022, true)
  for (const statement of file.statements) {
    if (!ts.isTypeAliasDeclaration(statement) || statement.name.text !== 'AuthErrorCode') continue
    const members = ts.isUnionTypeNode(statement.type) ? statement.type.types : [statement.type]
    return members.map((member) => {
      if (ts.isLiteralTypeNode(member) && ts.isStringLiteral(member.literal)) {
        return member.literal.text
      }
      throw new TypeError(`AuthErrorCode has a member that is no string: ${member.getText(file)}`)
    })
  }
  throw new TypeError('There is no type AuthErrorCode.')
}

/**
 * Holds the catalogue of errors against the union of codes: a section for each code, in the order of
 * the union, and in each section what happened, what the user sees, and what to change.
 *
 * @param {string} source the text of `src/errors.ts`
 * @param {string} page the text of `docs/errors.md`
 * @returns {string[]} a sentence per mistake; none if all is well
 */
export function checkErrorCatalogue(source, page) {
  const codes = readErrorCodes(source)
  const sections = page
    .split(/^## /m)
    .slice(1)
    .map((text) => ({ code: /^`([^`]*)`\s*$/m.exec(text.split('\n')[0] ?? '')?.[1], text }))
    .filter(({ code }) => code !== undefined)
  const documented = sections.map(({ code }) => code)
  const complaints = [
    ...codes.filter((code) => !documented.includes(code)).map((code) => `${code} is missing`),
    ...documented
      .filter((code, at) => !codes.includes(String(code)) || documented.indexOf(code) !== at)
      .map((code) => `${code} is no code, or is there twice`),
  ]
  if (complaints.length === 0 && documented.join() !== codes.join()) {
    complaints.push('The sections are not in the order of AuthErrorCode')
  }
  for (const { code, text } of sections) {
    for (const label of LABELS) {
      const words = text.split(`**${label}**`)[1]?.split(/\*\*What /)[0]
      if (!words?.trim()) complaints.push(`${code} does not say "${label}"`)
    }
  }
  return complaints
}
