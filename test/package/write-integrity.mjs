// @ts-check
/** `npm run integrity`: writes the hash of the built script into the page about the script tag. */
import { readFileSync, writeFileSync } from 'node:fs'

const page = new URL('../../docs/script-tag.md', import.meta.url)
const sri = new URL('../../dist/tessera-auth.min.js.sri', import.meta.url)
const hash = readFileSync(sri, 'utf8').trim()
writeFileSync(page, readFileSync(page, 'utf8').replaceAll(/sha384-[A-Za-z0-9+/=]+/g, hash))
console.log(hash)
