import { setTimeout as wait } from 'node:timers/promises'
import type { EngineBrowser, EngineProfile, ProfileOptions } from '../engines.ts'
import { createContext } from './create-context.ts'
import { createTurns, type Turns } from './create-window.ts'
import { forgetEverything } from './forget-everything.ts'
import { startDisplay } from './start-display.ts'
import { type ProfileProxy, startProxy } from './start-proxy.ts'
import { type Session, startSession } from './start-session.ts'

export interface WebKitPaths {
  /** WebKitWebDriver */
  readonly driver: string
  /** MiniBrowser */
  readonly browser: string
  /** Xvfb */
  readonly display: string
}

/** How long a browser may take to forget, in milliseconds, before it is ended instead. */
const PATIENCE = 4_000

/** A browser of its own, since a driver has one session. */
interface Slot {
  readonly session: Session
  readonly turns: Turns
  readonly proxy: ProfileProxy
  close(): Promise<void>
}

/** Starts a display, and on it a browser for each profile that is open. */
export async function launchWebKit(paths: WebKitPaths): Promise<EngineBrowser> {
  const display = await startDisplay(paths.display)
  const slots = new Set<Slot>()
  // A browser takes as long to start as a sign-in does, so one that has forgotten all is used again.
  const free: Slot[] = []

  async function open(options: ProfileOptions): Promise<Slot> {
    const slot = await openSlot(paths, display.name, options)
    slots.add(slot)
    return slot
  }
  async function giveBack(slot: Slot, opened: ReadonlySet<string>): Promise<void> {
    try {
      await Promise.race([
        forgetEverything(slot.turns, slot.proxy, opened),
        wait(PATIENCE, undefined, { ref: false }).then(() =>
          Promise.reject(new Error('It does not forget.')),
        ),
      ])
      slot.proxy.reset()
      free.push(slot)
    } catch {
      slots.delete(slot)
      await slot.close()
    }
  }

  return {
    isRunning: () => true,
    async newProfile(options = {}): Promise<EngineProfile> {
      const isPlain = Object.keys(options).length === 0
      const slot = (isPlain && free.pop()) || (await open(options))
      const { turns, proxy } = slot
      const close = (opened: ReadonlySet<string>) =>
        isPlain && proxy.isForgettable() ? giveBack(slot, opened) : slot.close()
      return { context: createContext(turns, proxy, close), observed: proxy.observations }
    },
    async close() {
      await Promise.all([...slots].map((slot) => slot.close()))
      await display.close()
    },
  }
}

async function openSlot(
  paths: WebKitPaths,
  display: string,
  { colorScheme, viewport }: ProfileOptions,
): Promise<Slot> {
  const proxy = await startProxy()
  const session = await startSession({
    ...paths,
    proxy: proxy.address,
    env: {
      ...process.env,
      DISPLAY: display,
      GDK_BACKEND: 'x11',
      GSETTINGS_BACKEND: 'memory',
      GTK_THEME: colorScheme === 'dark' ? 'Adwaita:dark' : 'Adwaita',
      LANG: 'C.UTF-8',
      NO_AT_BRIDGE: '1',
    },
  })
  if (viewport) await resize(session, viewport)
  let closing: Promise<void> | undefined
  return {
    session,
    turns: createTurns(session),
    proxy,
    close() {
      closing ??= session.close().then(proxy.close)
      return closing
    },
  }
}

/** Makes the page as wide and high as this; the window is larger. */
async function resize(
  { send }: Session,
  { width, height }: { width: number; height: number },
): Promise<void> {
  const script = 'return [innerWidth, innerHeight]'
  const inner = (await send('POST', '/execute/sync', { script, args: [] })) as [number, number]
  const outer = (await send('GET', '/window/rect')) as { width: number; height: number }
  await send('POST', '/window/rect', {
    width: width + outer.width - inner[0],
    height: height + outer.height - inner[1],
  })
}
