// @ts-check
import { existsSync, readdirSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { isExecutable } from './is-executable.mjs'

/**
 * What WebKitGTK is made of, as far as it was found.
 *
 * @typedef {object} WebKit
 * @property {string | undefined} driver WebKitWebDriver
 * @property {string | undefined} browser MiniBrowser
 * @property {string | undefined} display Xvfb
 */

/** The variable of the environment that may hold the path of WebKitWebDriver. */
export const WEBKIT_VARIABLE = 'TESSERA_WEBKIT_DRIVER'

/** Debian's packages. MiniBrowser comes with the library, on which the driver depends. */
export const WEBKIT_PACKAGES = ['webkit2gtk-driver', 'xvfb']

/** @param {string} command */
function onPath(command) {
  const folders = (process.env.PATH ?? '').split(delimiter).filter(Boolean)
  return folders.map((folder) => join(folder, command)).find(isExecutable)
}

/** Where distributions keep what belongs to the library: below a folder for the architecture, say. */
function findMiniBrowser() {
  const folders = ['/usr/lib', '/usr/lib64', '/usr/libexec'].filter((folder) => existsSync(folder))
  const below = (/** @type {string} */ folder) =>
    readdirSync(folder, { withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .map(({ name }) => join(folder, name))
  const own = (/** @type {string} */ folder) => /\/webkit2?gtk-[\d.]+$/.test(folder)
  const near = folders.flatMap(below)
  const far = near.filter((folder) => /-linux-gnu/.test(folder)).flatMap(below)
  return [...near, ...far]
    .filter(own)
    .sort()
    .reverse()
    .map((folder) => join(folder, 'MiniBrowser'))
    .find(isExecutable)
}

/**
 * Looks for WebKitGTK.
 *
 * @returns {WebKit}
 * @throws {Error} When the environment names a file that is not there.
 */
export function findWebKit() {
  const wanted = process.env[WEBKIT_VARIABLE]
  if (wanted && !isExecutable(wanted)) {
    throw new Error(`${WEBKIT_VARIABLE} is ${wanted}, which is not an executable file.`)
  }
  return {
    driver: wanted || onPath('WebKitWebDriver'),
    browser: findMiniBrowser(),
    display: onPath('Xvfb'),
  }
}

/** What is missing, and what to do about it; nothing if all is there. */
export function missingOfWebKit() {
  const { driver, browser, display } = findWebKit()
  const missing = [
    ...(driver ? [] : ['WebKitWebDriver']),
    ...(browser ? [] : ['MiniBrowser']),
    ...(display ? [] : ['Xvfb']),
  ]
  if (missing.length === 0) return undefined
  return (
    `No ${missing.join(' and no ')} was found, which the tests in WebKit need. Install WebKitGTK ` +
    `with its driver, and Xvfb (on Debian: apt-get install ${WEBKIT_PACKAGES.join(' ')}); ` +
    `${WEBKIT_VARIABLE} may hold the path of WebKitWebDriver. Where there is no WebKitGTK, name ` +
    'the stages to run: npm test -- check unit e2e-chromium e2e-firefox.'
  )
}
