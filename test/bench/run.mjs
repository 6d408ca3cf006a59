// @ts-check
/**
 * `npm run bench`: ours beside the others, the same work against the same provider in the same run,
 * in Chromium, in turns. Prints one table of medians with the ratio to a flow written by hand
 * (`floor`), and which aims were met; writes both to test/bench/results.json.
 *
 *     npm run bench -- --only=size,callback --peers=tessera-auth,floor --rounds=5
 *     npm run bench -- --write            puts the figures into docs/measurements.md
 *     npm run bench -- --only=size --parts   what each source file contributes to the core
 *
 * The libraries come from a lock file of this folder; the rest needs them at import.
 */
import { fileURLToPath } from 'node:url'
import { installFolder } from '../runner/install-folder.mjs'

const HERE = fileURLToPath(new URL('.', import.meta.url))
if (!installFolder(HERE)) throw new Error(`npm ci failed in ${HERE}`)
const { bench } = await import('./bench.mjs')
await bench()
