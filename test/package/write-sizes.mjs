// @ts-check
/**
 * `npm run sizes`: makes what the entry points weigh now, and a little room, their budget, and
 * writes it into the README. This is how a budget is lowered; raising one needs a reason in the
 * commit.
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { measureEntryPoints } from '../bench/measure.mjs'
import { putSizesIntoReadme } from './put-sizes-into-readme.mjs'

const ROOM = 64
const readme = new URL('../../README.md', import.meta.url)
const budgets = new URL('./size-budgets.json', import.meta.url)

const sizes = Object.fromEntries(
  Object.entries(await measureEntryPoints()).map(([name, bytes]) => [
    name,
    Math.ceil(((bytes + ROOM) / 1024) * 10) / 10,
  ]),
)
writeFileSync(budgets, `${JSON.stringify(sizes, undefined, 2)}\n`)
writeFileSync(readme, putSizesIntoReadme(readFileSync(readme, 'utf8'), sizes))
console.log(sizes)
