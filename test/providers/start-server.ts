import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { findFreePort } from '../browsers/find-free-port.ts'

/** A server of somebody else's, in a folder of its own. */
export interface ForeignServer {
  readonly port: number
  /** What it wrote to its output, for when a test fails. */
  output(): string
  stop(): Promise<void>
}

export interface ForeignServerOptions {
  readonly name: string
  /** Prepares the folder, and says what to run in it. */
  readonly prepare: (
    folder: string,
    port: number,
  ) => Promise<{
    readonly command: readonly [string, ...string[]]
    readonly env?: NodeJS.ProcessEnv
  }>
  /** The path that answers with less than 500 once the server is up. */
  readonly path: string
}

const PATIENCE = 20_000

/** Starts a server on a free port of loopback and waits until it answers. */
export async function startServer(options: ForeignServerOptions): Promise<ForeignServer> {
  const folder = await mkdtemp(join(tmpdir(), `tessera-${options.name}-`))
  const port = await findFreePort()
  const { command, env } = await options.prepare(folder, port)
  const [file, ...parameters] = command
  // A group of its own, because most of them have workers; and it ends with the tests, however they do.
  const child = spawn('setpriv', ['--pdeathsig', 'TERM', '--', file, ...parameters], {
    cwd: folder,
    env: { ...process.env, ...env },
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let output = ''
  const keep = (chunk: unknown) => {
    output = (output + String(chunk)).slice(-20_000)
  }
  child.stdout.on('data', keep)
  child.stderr.on('data', keep)
  child.on('error', keep)
  const stop = async () => {
    const ended = child.exitCode === null && child.signalCode === null && once(child, 'exit')
    if (child.pid) {
      try {
        process.kill(-child.pid, 'SIGKILL')
      } catch {
        // It has ended by itself.
      }
    }
    await ended
    await rm(folder, { recursive: true, force: true, maxRetries: 5 })
  }
  const url = `http://localhost:${port}${options.path}`
  const deadline = Date.now() + PATIENCE
  while (!(await answers(url))) {
    if (child.exitCode !== null || Date.now() > deadline) {
      await stop()
      throw new Error(`${options.name} does not answer at ${url}:\n${output}`)
    }
  }
  return { port, output: () => output, stop }
}

async function answers(url: string): Promise<boolean> {
  try {
    return (await fetch(url, { signal: AbortSignal.timeout(5_000) })).status < 500
  } catch {
    // Nobody listens yet: look again when the machine had time for something else.
    await new Promise((resolve) => setTimeout(resolve, 50))
    return false
  }
}
