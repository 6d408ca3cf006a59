// @ts-check
import { readFileSync } from 'node:fs'
import { OURS } from './peers.mjs'

/** @typedef {{ dependencies?: Record<string, string>; version: string }} Package */

/** @param {string} path @returns {any} */
const read = (path) => JSON.parse(readFileSync(new URL(path, import.meta.url), 'utf8'))

/** @type {Record<string, Package>} */
const packages = {
  ...read('./package-lock.json').packages,
  [`node_modules/${OURS}`]: read('../../package.json'),
}

/** @param {string} name */
export function versionOf(name) {
  return packages[`node_modules/${name}`]?.version ?? '?'
}

/**
 * How many packages come along with one, counting those of its dependencies.
 *
 * @param {string} name
 */
export function countDependencies(name) {
  /** @type {Set<string>} */
  const found = new Set()
  const visit = (/** @type {string} */ path) => {
    for (const dependency of Object.keys(packages[path]?.dependencies ?? {})) {
      const place = lookUp(path, dependency)
      if (found.has(place)) continue
      found.add(place)
      visit(place)
    }
  }
  visit(`node_modules/${name}`)
  return found.size
}

/**
 * Where Node finds a package: in the folder of the one that asks, or further out.
 *
 * @param {string} from
 * @param {string} name
 */
function lookUp(from, name) {
  for (
    let folder = from;
    folder;
    folder = folder.slice(0, folder.lastIndexOf('node_modules/') - 1)
  ) {
    const place = `${folder}/node_modules/${name}`
    if (packages[place]) return place
    if (folder.lastIndexOf('node_modules/') < 1) break
  }
  return `node_modules/${name}`
}
