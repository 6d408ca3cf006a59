import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { setTimeout as wait } from 'node:timers/promises'
import { findFreePort } from '../find-free-port.ts'

/** A browser of its own, and a way to command it. */
export interface Session {
  /**
   * Sends a command in the words of W3C WebDriver, such as `POST` `/url`.
   *
   * @param longest how long it may take, in milliseconds. Default 20,000.
   * @throws {WebDriverError} When the browser refuses it, or `timeout` when it does not answer.
   */
  send(
    method: 'GET' | 'POST' | 'DELETE',
    path: string,
    body?: object,
    longest?: number,
  ): Promise<unknown>
  close(): Promise<void>
}

export interface SessionOptions {
  /** The path of WebKitWebDriver. */
  readonly driver: string
  /** The path of MiniBrowser. */
  readonly browser: string
  readonly env: NodeJS.ProcessEnv
  /** `host:port` of the proxy that everything goes through. */
  readonly proxy: string
}

/**
 * A command that takes longer than this, in milliseconds, has failed, where it says nothing else: well
 * before its test is over, so that two of them in a row are told too.
 */
const LONGEST = 20_000

/** An error that the driver names, `no such window` say. */
export class WebDriverError extends Error {
  readonly code: string
  constructor(code: string, message: string) {
    super(`${code}: ${message}`)
    this.name = 'WebDriverError'
    this.code = code
  }
}

/** Starts a driver and, by it, a browser. A driver has one session at most. */
export async function startSession(options: SessionOptions): Promise<Session> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await tryPort(options)
    } catch (error) {
      // Somebody else may have taken the port just before the driver did.
      if (attempt === 3) throw error
    }
  }
}

async function tryPort(options: SessionOptions): Promise<Session> {
  const port = await findFreePort()
  const driver = spawn(options.driver, [`--port=${port}`], {
    env: options.env,
    stdio: 'ignore',
    // The browser is in the group of its driver: one signal ends both.
    detached: true,
  })
  const kill = () => {
    try {
      process.kill(-(driver.pid as number), 'SIGKILL')
    } catch {
      // It ended meanwhile.
    }
  }
  process.once('exit', kill)
  const base = `http://127.0.0.1:${port}`
  try {
    await waitUntilUp(base, driver)
    const { sessionId } = (await send(
      'POST',
      `${base}/session`,
      {
        capabilities: { alwaysMatch: capabilitiesOf(options) },
      },
      30_000,
    )) as { sessionId: string }
    const own = `${base}/session/${sessionId}`
    return {
      send: (method, path, body, longest) => send(method, own + path, body, longest),
      async close() {
        const closed = driver.exitCode === null ? once(driver, 'exit') : undefined
        await Promise.race([
          send('DELETE', own).catch(() => {}),
          wait(3_000, undefined, { ref: false }),
        ])
        kill()
        process.off('exit', kill)
        await closed
      },
    }
  } catch (error) {
    kill()
    process.off('exit', kill)
    throw error
  }
}

function capabilitiesOf({ browser, proxy }: SessionOptions): object {
  return {
    browserName: 'MiniBrowser',
    // Commands go on while a page loads. What has to wait for it, does.
    pageLoadStrategy: 'none',
    proxy: { proxyType: 'manual', httpProxy: proxy, sslProxy: proxy },
    // Of a script whose page was left it may never hear again. None takes that long.
    timeouts: { script: 5_000 },
    // As Safari does, it keeps sites from following the user.
    'webkitgtk:browserOptions': { binary: browser, args: ['--automation', '--enable-itp'] },
  }
}

/** The driver says nothing when it is ready, so it is asked. */
async function waitUntilUp(base: string, driver: { exitCode: number | null }): Promise<void> {
  for (;;) {
    if (driver.exitCode !== null) throw new Error('WebKitWebDriver ended as soon as it started.')
    try {
      return void (await send('GET', `${base}/status`))
    } catch {
      await wait(5)
    }
  }
}

async function send(
  method: string,
  url: string,
  body?: object,
  longest = LONGEST,
): Promise<unknown> {
  const given = method === 'POST' ? { body: JSON.stringify(body ?? {}) } : {}
  const signal = AbortSignal.timeout(longest)
  const response = await fetch(url, { method, ...given, signal }).catch((error: unknown) => {
    if (!signal.aborted) throw error
    throw new WebDriverError('timeout', `${method} ${url}: no answer within ${longest} ms.`)
  })
  const { value } = (await response.json()) as { value: unknown }
  if (response.ok) return value
  const { error, message } = value as { error: string; message: string }
  throw new WebDriverError(error, message)
}
