// @ts-check
import { spawnSync } from 'node:child_process'
import { existsSync, writeFileSync } from 'node:fs'
import { availableParallelism, loadavg } from 'node:os'
import { fileURLToPath } from 'node:url'
import { judge } from './aims.mjs'
import { measureCallback } from './items/callback.mjs'
import { measureFetch, measureTokens } from './items/calls.mjs'
import { measureEvaluate } from './items/evaluate.mjs'
import { measureHeap } from './items/heap.mjs'
import { measureReturnVisit } from './items/return-visit.mjs'
import { measureSize } from './items/size.mjs'
import { measureStorm } from './items/storm.mjs'
import { measureParts } from './measure.mjs'
import { ITEM_NAMES, readOptions } from './options.mjs'
import { versionOf } from './packages.mjs'
import { PEERS } from './peers.mjs'
import { startStage } from './stage/start-stage.mjs'
import { toCells, toReasons, toText } from './table.mjs'
import { writeMeasurements } from './write-measurements.mjs'

/** @typedef {import('./interleave.mjs').Run} Run */
/** @typedef {import('./interleave.mjs').Row} Row */

/** @typedef {Exclude<(typeof ITEM_NAMES)[number], 'size'>} ItemInBrowser */

/** @type {Record<ItemInBrowser, (run: Run) => Promise<Row[]>>} */
const IN_BROWSER = {
  evaluate: measureEvaluate,
  callback: measureCallback,
  return: measureReturnVisit,
  token: measureTokens,
  fetch: measureFetch,
  storm: measureStorm,
  heap: measureHeap,
}

/** Ours and a naive client only, in a process of its own: its time is made up. */
const OUTAGE = fileURLToPath(new URL('./outage.mjs', import.meta.url))
const RESULTS = new URL('./results.json', import.meta.url)

/** @param {string} text On one line of the terminal, over the last. */
const progress = (text) => void process.stderr.write(`\r\x1b[K${text}`)

export async function bench() {
  const extra = existsSync(OUTAGE) ? ['outage'] : []
  const names = PEERS.map(({ name }) => name)
  const options = readOptions([...ITEM_NAMES, ...extra], names)
  const busy = loadavg()[0] ?? 0
  const { rows, browser } = await measure(options)
  progress('')
  const chosen = PEERS.filter(({ name }) => options.peers.includes(name))
  const peers = chosen.map((peer) => ({ ...peer, version: versionOf(peer.package) }))
  const machine = [
    ...(browser ? [`${options.rounds} rounds`, `Chromium ${browser}`] : []),
    `Node ${process.versions.node}`,
    `${availableParallelism()} cores`,
    `load ${busy.toFixed(1)} before and ${(loadavg()[0] ?? 0).toFixed(1)} after`,
  ].join(', ')
  const aims = judge(rows)
  const result = { machine, peers, rows, aims }
  writeFileSync(RESULTS, `${JSON.stringify(result, undefined, 2)}\n`)
  print(result)
  if (options.write) writeMeasurements(result)
  if (options.parts) {
    console.log('\nMinified bytes in the core, by source file:\n')
    for (const [path, bytes] of await measureParts()) console.log(String(bytes).padStart(7), path)
  }
  if (options.items.includes('outage')) {
    console.log('')
    process.exitCode =
      spawnSync(process.execPath, ['--no-warnings', OUTAGE], { stdio: 'inherit' }).status ?? 1
  }
}

/**
 * @param {ReturnType<typeof readOptions>} options
 * @returns {Promise<{ rows: Row[]; browser: string }>}
 */
async function measure({ items, peers, rounds }) {
  const rows = items.includes('size') ? await measureSize({ names: peers, progress }) : []
  const inBrowser = Object.entries(IN_BROWSER).filter(([name]) => items.includes(name))
  if (inBrowser.length === 0) return { rows, browser: '' }
  const stage = await startStage(peers)
  try {
    for (const [, measureItem] of inBrowser) {
      rows.push(...(await measureItem({ stage, names: peers, rounds, progress })))
    }
    return { rows, browser: stage.browser.version() }
  } finally {
    await stage.close()
  }
}

/** @param {import('./write-measurements.mjs').Result} result */
function print({ machine, peers, rows, aims }) {
  const names = peers.map(({ name }) => name)
  console.log('Medians; in brackets the ratio to the floor, the flow written by hand.\n')
  console.log(toText(toCells(rows, names)))
  console.log('')
  for (const { name, version, configuration } of peers) {
    console.log(`${name} ${version}: ${configuration}`)
  }
  for (const reason of toReasons(rows)) console.log(reason)
  console.log(`\n${machine}\n`)
  for (const { text, value, isMet } of aims) {
    console.log(`${isMet ? 'met   ' : 'missed'}  ${value.toFixed(2).padStart(7)}  ${text}`)
  }
}
