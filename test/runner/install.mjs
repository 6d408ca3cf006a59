// @ts-check
/**
 * `node test/runner/install.mjs FOLDER…`: installs what the tests of a folder use, from its own lock
 * file, where it is missing or other than that says. It is no part of the root install.
 */
import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { resolve } from 'node:path'

/** @param {string} path @returns {Record<string, { version: string, optional?: boolean }>} */
const packagesIn = (path) => JSON.parse(readFileSync(path, 'utf8')).packages

/** @param {string} folder */
function isStale(folder) {
  const installed = `${folder}/node_modules/.package-lock.json`
  if (!existsSync(installed)) return true
  const found = packagesIn(installed)
  return Object.entries(packagesIn(`${folder}/package-lock.json`)).some(
    ([path, { version, optional }]) => path && !optional && version !== found[path]?.version,
  )
}

for (const folder of process.argv.slice(2).map((path) => resolve(path))) {
  if (!isStale(folder)) continue
  const npm = process.env.npm_execpath
  const [file, ...args] = npm ? [process.execPath, npm] : ['npm']
  const { status } = spawnSync(
    String(file),
    [...args, 'ci', '--ignore-scripts', '--prefer-offline', '--no-audit', '--no-fund'],
    { cwd: folder, stdio: ['ignore', 'ignore', 'inherit'] },
  )
  process.exitCode ||= status ?? 1
}
