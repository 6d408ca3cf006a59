// @ts-check
import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

/** @param {string} path @returns {Record<string, { version: string, optional?: boolean }>} */
const packagesIn = (path) => JSON.parse(readFileSync(path, 'utf8')).packages

/** @param {string} folder */
function isStale(folder) {
  const installed = join(folder, 'node_modules/.package-lock.json')
  if (!existsSync(installed)) return true
  const found = packagesIn(installed)
  return Object.entries(packagesIn(join(folder, 'package-lock.json'))).some(
    ([path, { version, optional }]) => path && !optional && version !== found[path]?.version,
  )
}

/**
 * Installs what a folder with a lock file of its own needs, where it is missing or something else
 * than the lock file says.
 *
 * @param {string} folder
 * @returns {boolean} whether all is there now
 */
export function installFolder(folder) {
  if (!isStale(folder)) return true
  const npm = process.env.npm_execpath
  const [file, ...args] = npm ? [process.execPath, npm] : ['npm']
  const { status } = spawnSync(
    String(file),
    [...args, 'ci', '--ignore-scripts', '--prefer-offline', '--no-audit', '--no-fund'],
    { cwd: folder, stdio: ['ignore', 'ignore', 'inherit'] },
  )
  return status === 0
}
