// @ts-check
/**
 * Imports the modules it is given and prints, as JSON, which globals they touched meanwhile: those
 * of Node and of browsers, not those of the language.
 */
import { writeSync } from 'node:fs'
import { runInNewContext } from 'node:vm'
// Its own look at `navigator.userAgent` is not ours to answer for.
import 'oauth4webapi'

const BROWSER = [
  ...['window', 'document', 'location', 'history', 'screen', 'frames', 'parent', 'top', 'opener'],
  ...['localStorage', 'sessionStorage', 'indexedDB', 'caches', 'cookieStore', 'isSecureContext'],
  ...[
    'XMLHttpRequest',
    'Worker',
    'SharedWorker',
    'ServiceWorker',
    'HTMLElement',
    'MutationObserver',
  ],
  ...['addEventListener', 'removeEventListener', 'dispatchEvent', 'requestAnimationFrame'],
]

const language = new Set(runInNewContext('Object.getOwnPropertyNames(globalThis)'))
const names = [...Object.getOwnPropertyNames(globalThis), ...BROWSER]
const touched = new Set()
const modules = process.argv.slice(2)

for (const name of names.filter((each) => !language.has(each))) {
  const touch = () => void touched.add(name)
  Object.defineProperty(globalThis, name, { configurable: true, get: touch, set: touch })
}
for (const module of modules) {
  await import(module).catch((error) => touched.add(String(error)))
}
writeSync(1, JSON.stringify([...touched].sort()))
