// @ts-check
import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

/** The root of the project, with a slash at the end. */
export const ROOT = fileURLToPath(new URL('../../', import.meta.url))

/** @param {string} path below the root */
export const readPage = (path) => readFileSync(ROOT + path, 'utf8')

/** The pages that a reader is given, by their paths below the root. */
export function listPages() {
  const docs = readdirSync(`${ROOT}docs`, { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.(md|txt)$/.test(name))
    .map((name) => name.replaceAll('\\', '/'))
    .sort()
  return [
    'README.md',
    'CONTRIBUTING.md',
    'SECURITY.md',
    'CHANGELOG.md',
    ...docs.map((name) => `docs/${name}`),
  ]
}
