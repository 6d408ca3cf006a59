// @ts-check
import { spawn } from 'node:child_process'
import { existsSync, readdirSync, readFileSync } from 'node:fs'

const MINUTE = 60_000

/** @typedef {{ process: import('node:child_process').ChildProcess; mark: string }} Child */

/** @type {Set<Child>} */
const children = new Set()

let runs = 0

/**
 * All that a run has started and that is still there. Browsers are process groups of their own, and
 * what loses its parent gets another one, so neither tells whose they are; a variable does, which
 * each process inherits from the one before.
 *
 * @param {string} mark
 * @returns {number[]}
 */
function processesOf(mark) {
  if (!existsSync('/proc/self/environ')) return []
  return readdirSync('/proc')
    .filter((entry) => /^\d+$/.test(entry))
    .filter((entry) => {
      try {
        const variables = readFileSync(`/proc/${entry}/environ`, 'utf8').split('\0')
        return variables.some((each) => `${each}/`.startsWith(`TESSERA_RUN=${mark}/`))
      } catch {
        return false
      }
    })
    .map(Number)
}

/**
 * @param {number} pid A process, or a group if negative.
 * @param {NodeJS.Signals} signal
 */
function signalTo(pid, signal) {
  try {
    process.kill(pid, signal)
  } catch {
    // It ended meanwhile.
  }
}

/**
 * Ends a child and what it started: politely, so that it can close its browsers, and after a while
 * by force.
 *
 * @param {Child} child
 */
function end(child) {
  const { pid } = child.process
  if (pid === undefined) return
  signalTo(-pid, 'SIGTERM')
  const force = () => {
    if (!children.has(child)) return
    kill(child.mark)
    signalTo(-pid, 'SIGKILL')
  }
  setTimeout(force, 5000).unref()
}

/** @param {string} mark */
function kill(mark) {
  for (const pid of processesOf(mark)) signalTo(pid, 'SIGKILL')
}

/**
 * Runs a command to its end, without a terminal to wait at and for a bounded time.
 *
 * @param {string[]} command
 * @param {{ minutes: number; env?: NodeJS.ProcessEnv }} options
 * @returns {Promise<{ ok: boolean; output: string }>}
 */
export function run(command, { minutes, env = {} }) {
  runs += 1
  const mark = `${process.env.TESSERA_RUN ?? ''}/${process.pid}.${runs}`
  return new Promise((resolve) => {
    const [file, ...args] = command
    const spawned = spawn(/** @type {string} */ (file), args, {
      env: { ...process.env, NO_COLOR: '1', FORCE_COLOR: '0', ...env, TESSERA_RUN: mark },
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: true,
    })
    const child = { process: spawned, mark }
    children.add(child)
    let output = ''
    const collect = (/** @type {string} */ text) => {
      output += text
    }
    spawned.stdout.setEncoding('utf8').on('data', collect)
    spawned.stderr.setEncoding('utf8').on('data', collect)
    const limit = setTimeout(() => {
      output += `\nStopped: it took longer than ${minutes} minutes.\n`
      end(child)
    }, minutes * MINUTE)
    /** @param {boolean} ok */
    const finish = (ok) => {
      clearTimeout(limit)
      kill(mark)
      children.delete(child)
      resolve({ ok, output })
    }
    spawned.once('error', (error) => {
      output += error.message
      finish(false)
    })
    spawned.once('close', (code) => finish(code === 0))
  })
}

/** Ends all that is running. */
export function endAll() {
  for (const child of children) end(child)
}

// Whatever the reason for leaving, nothing stays behind.
process.on('exit', () => {
  for (const { mark } of children) kill(mark)
})
