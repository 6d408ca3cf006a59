// @ts-check
import { spawn } from 'node:child_process'
import { existsSync, readdirSync, readFileSync } from 'node:fs'

const MINUTE = 60_000

/** @type {Set<import('node:child_process').ChildProcess>} */
const children = new Set()

/**
 * The process and all it started, children last. Browsers are process groups of their own, so a
 * signal to the group of the test runner does not reach them.
 *
 * @param {number} root
 * @returns {number[]}
 */
function family(root) {
  if (!existsSync('/proc/self/stat')) return [root]
  /** @type {Map<number, number[]>} */
  const childrenOf = new Map()
  for (const entry of readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
    try {
      const stat = readFileSync(`/proc/${entry}/stat`, 'utf8')
      const parent = Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1])
      childrenOf.set(parent, [...(childrenOf.get(parent) ?? []), Number(entry)])
    } catch {
      // It ended meanwhile.
    }
  }
  const found = [root]
  for (const pid of found) found.push(...(childrenOf.get(pid) ?? []))
  return found
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
 * @param {import('node:child_process').ChildProcess} child
 */
function end(child) {
  if (child.pid === undefined || child.exitCode !== null) return
  const all = family(child.pid)
  signalTo(-child.pid, 'SIGTERM')
  const force = setTimeout(() => killAll(all), 5000)
  child.once('close', () => {
    clearTimeout(force)
    killAll(all.slice(1))
  })
}

/** @param {number[]} pids */
function killAll(pids) {
  for (const pid of pids) signalTo(pid, 'SIGKILL')
}

/**
 * Runs a command to its end, without a terminal to wait at and for a bounded time.
 *
 * @param {string[]} command
 * @param {{ minutes: number; env?: NodeJS.ProcessEnv }} options
 * @returns {Promise<{ ok: boolean; output: string }>}
 */
export function run(command, { minutes, env = {} }) {
  return new Promise((resolve) => {
    const [file, ...args] = command
    const child = spawn(/** @type {string} */ (file), args, {
      env: { ...process.env, NO_COLOR: '1', FORCE_COLOR: '0', ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: true,
    })
    children.add(child)
    let output = ''
    child.stdout.setEncoding('utf8').on('data', (text) => (output += text))
    child.stderr.setEncoding('utf8').on('data', (text) => (output += text))
    const limit = setTimeout(() => {
      output += `\nStopped: it took longer than ${minutes} minutes.\n`
      end(child)
    }, minutes * MINUTE)
    /** @param {boolean} ok */
    const finish = (ok) => {
      clearTimeout(limit)
      children.delete(child)
      resolve({ ok, output })
    }
    child.once('error', (error) => {
      output += error.message
      finish(false)
    })
    child.once('close', (code) => finish(code === 0))
  })
}

/** Ends all that is running. */
export function endAll() {
  for (const child of children) end(child)
}

// Whatever the reason for leaving, nothing stays behind.
process.on('exit', () => {
  for (const { pid } of children) if (pid !== undefined) killAll(family(pid))
})
