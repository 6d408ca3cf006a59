import { spawn } from 'node:child_process'
import { once } from 'node:events'
import type { Readable } from 'node:stream'

export interface Display {
  /** What `DISPLAY` has to be. */
  readonly name: string
  close(): Promise<void>
}

/** Starts an X server without a screen, on a display that is free. */
export async function startDisplay(command: string): Promise<Display> {
  const server = spawn(
    command,
    ['-displayfd', '3', '-screen', '0', '1280x1024x24', '-nolisten', 'tcp'],
    {
      stdio: ['ignore', 'ignore', 'ignore', 'pipe'],
    },
  )
  const end = () => server.kill('SIGKILL')
  process.once('exit', end)
  const ended = once(server, 'exit').then(() => {
    throw new Error(`${command} ended before it had a display.`)
  })
  const [number] = await Promise.race([once(server.stdio[3] as Readable, 'data'), ended])
  ended.catch(() => {})
  return {
    name: `:${String(number).trim()}`,
    async close() {
      process.off('exit', end)
      const closed = once(server, 'close')
      server.kill()
      await closed
    },
  }
}
