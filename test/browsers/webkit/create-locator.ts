import { setTimeout as wait } from 'node:timers/promises'
import type { Locator } from '../page.ts'
import { type DriverWindow, STEP } from './create-window.ts'
import {
  fillField,
  findElements,
  isShown,
  type Pattern,
  type Step,
  takePlace,
  tookClick,
  watchClick,
} from './find-elements.ts'

/** A reference to an element of the page, as WebDriver writes it. */
type Reference = Readonly<Record<string, string>>

/** A step, and the name that the browser must have computed for what it finds. */
type NamedStep = Step & { readonly name?: Name }

interface Name {
  readonly pattern: string | RegExp
  readonly exact: boolean
}

/** Elements that are found by these steps, when they are needed. */
export function createLocator(window: DriverWindow, steps: readonly NamedStep[]): Locator {
  const further = (step: NamedStep) => createLocator(window, [...steps, step])
  const what = JSON.stringify(steps)

  /** Tries until it works out: the page may change, or leave, between any two commands. */
  async function retry<Value>(attempt: (elements: Reference[]) => Promise<Value>): Promise<Value> {
    const deadline = performance.now() + STEP
    let trouble: unknown
    while (performance.now() < deadline) {
      try {
        return await attempt(await find(window, steps))
      } catch (error) {
        if (error instanceof TooManyElements) throw error
        trouble = error
        await wait(15)
      }
    }
    const place = await window.call('location.href + ": " + document.body.innerText').catch(String)
    throw new Error(`${what}: not within ${STEP} ms, at ${place}`, { cause: trouble })
  }

  const one = (elements: Reference[]): Reference => {
    if (elements.length > 1) throw new TooManyElements(`${what} finds ${elements.length} elements.`)
    if (!elements[0]) throw new Error(`${what} finds nothing.`)
    return elements[0]
  }
  const shown = async (elements: Reference[]): Promise<Reference> => {
    const element = one(elements)
    if (await window.callWithElements(isShown, element)) return element
    throw new Error(`${what} is not shown.`)
  }

  return {
    getByRole: (role, { name, exact = false, level } = {}) =>
      further({
        by: 'role',
        role,
        ...(level !== undefined && { level }),
        ...(name !== undefined && { name: { pattern: name, exact } }),
      }),
    getByText: (text) => further({ by: 'text', text: toPattern(text) }),
    getByLabel: (text) => further({ by: 'label', text }),
    locator: (selector) => further({ by: 'css', selector }),
    first: () => further({ by: 'first' }),
    click: () =>
      retry(async (elements) => {
        const element = await shown(elements)
        // The driver clicks a place, whoever is there by then.
        const before = await window.callWithElements(takePlace, element)
        await wait(30)
        const place = await window.callWithElements(takePlace, element)
        if (!place || place !== before) throw new Error(`${what} moves, or is covered.`)
        await window.callWithElements(watchClick, element)
        await window.send('POST', `/element/${idOf(element)}/click`)
        // What moves in the very moment is missed without a word. A page that has left has heard it.
        const isHit = await window.callWithElements(tookClick, element).catch(() => true)
        if (!isHit) throw new Error(`${what} moved away from the click.`)
      }),
    fill: (value) =>
      retry(async (elements) => {
        await window.callWithElements(fillField, await shown(elements), value)
      }),
    textContent: () =>
      retry((elements) => window.callWithElements(({ textContent }) => textContent, one(elements))),
    async allTextContents() {
      const elements = await find(window, steps)
      return window.callWithElements(
        (...found: Element[]) => found.map(({ textContent }) => textContent ?? ''),
        ...elements,
      )
    },
    count: async () => (await find(window, steps)).length,
    async waitFor() {
      await retry(shown)
    },
  }
}

class TooManyElements extends Error {}

const idOf = (element: Reference) => Object.values(element)[0] as string

/** A text or a regular expression, in a form that crosses to the page. */
export function toPattern(pattern: string | RegExp): Pattern {
  return typeof pattern === 'string' ? pattern : { source: pattern.source, flags: pattern.flags }
}

async function find(window: DriverWindow, steps: readonly NamedStep[]): Promise<Reference[]> {
  let found: Reference[] | null = null
  const follow = async () => {
    // An element of the page is a reference here.
    const answer: unknown = await window.callWithElements(
      findElements,
      ahead,
      !found,
      ...(found ?? []),
    )
    return answer as Reference[]
  }
  let ahead: Step[] = []
  for (const { name, ...step } of steps) {
    ahead.push(step)
    if (!name) continue
    found = await withName(window, await follow(), name)
    ahead = []
  }
  if (ahead.length > 0) found = await follow()
  return found ?? []
}

/** Names are what the browser computes for those who cannot see the page. */
async function withName(
  window: DriverWindow,
  elements: Reference[],
  { pattern, exact }: Name,
): Promise<Reference[]> {
  const named: Reference[] = []
  for (const element of elements) {
    const label = await window.send('GET', `/element/${idOf(element)}/computedlabel`)
    const name = String(label).replace(/\s+/g, ' ').trim()
    if (typeof pattern !== 'string') pattern.test(name) && named.push(element)
    else if (exact ? name === pattern : name.toLowerCase().includes(pattern.toLowerCase())) {
      named.push(element)
    }
  }
  return named
}
