// @ts-check
/** `node test/docs/write-state-machine.mjs`: draws the state machine anew in docs/concepts.md. */
import { writeFileSync } from 'node:fs'
import { build } from 'esbuild'
import { ROOT, readPage } from './pages.mjs'
import { drawStateMachine, placeStateMachine } from './state-machine.mjs'

const SOURCE = 'src/session/transition.ts'
const PAGE = 'docs/concepts.md'

const { outputFiles } = await build({
  entryPoints: [ROOT + SOURCE],
  bundle: true,
  format: 'esm',
  write: false,
})
const code = Buffer.from(outputFiles[0]?.text ?? '').toString('base64')
const machine = await import(`data:text/javascript;base64,${code}`)
const drawing = drawStateMachine(machine, readPage(SOURCE))
writeFileSync(ROOT + PAGE, placeStateMachine(readPage(PAGE), drawing))
