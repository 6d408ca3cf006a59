// @ts-check
/**
 * Installs the HTTP clients that the tests of this folder use, from its own lock file, where they
 * are missing or others than it says. They are no part of the root install.
 */
import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const HERE = fileURLToPath(new URL('.', import.meta.url))

/** @param {string} path @returns {Record<string, { version: string, optional?: boolean }>} */
const packagesIn = (path) => JSON.parse(readFileSync(path, 'utf8')).packages

function isStale() {
  const installed = `${HERE}node_modules/.package-lock.json`
  if (!existsSync(installed)) return true
  const found = packagesIn(installed)
  return Object.entries(packagesIn(`${HERE}package-lock.json`)).some(
    ([path, { version, optional }]) => path && !optional && version !== found[path]?.version,
  )
}

if (isStale()) {
  const npm = process.env.npm_execpath
  const [file, ...args] = npm ? [process.execPath, npm] : ['npm']
  const { status } = spawnSync(
    String(file),
    [...args, 'ci', '--ignore-scripts', '--prefer-offline', '--no-audit', '--no-fund'],
    { cwd: HERE, stdio: ['ignore', 'ignore', 'inherit'] },
  )
  process.exitCode = status ?? 1
}
