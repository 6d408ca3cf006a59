// @ts-check
/** `npm run api`: writes the reference in docs/api anew. */
import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { API, writeApi } from './api.mjs'
import { ROOT } from './pages.mjs'

const { pages, complaints } = await writeApi()
for (const complaint of complaints) console.error(complaint)
if (complaints.length > 0) process.exit(1)
rmSync(ROOT + API, { recursive: true, force: true })
mkdirSync(ROOT + API)
for (const [name, text] of Object.entries(pages)) writeFileSync(ROOT + API + name, text)
