// @ts-check
/**
 * `node test/runner/install.mjs FOLDER…`: installs what the tests of a folder use, from its own lock
 * file, where it is missing or other than that says. It is no part of the root install.
 */
import { resolve } from 'node:path'
import { installFolder } from './install-folder.mjs'

for (const folder of process.argv.slice(2)) {
  if (!installFolder(resolve(folder))) process.exitCode = 1
}
