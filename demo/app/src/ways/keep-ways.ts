import type { DemoConfig } from '../config.js'
import { openSessionNotes } from '../timeline/session-notes.js'
import { PLAIN, type Ways } from './ways.js'

const note = openSessionNotes('tax-efile.ways')
const NAMES = Object.keys(PLAIN) as (keyof Ways)[]

/** A choice, as it is kept. */
export type Kept = Partial<Ways> | null

/**
 * What was chosen in this tab. The trip to the tenant and back, and reloads, leave it alone.
 *
 * @param kept - What is kept of it; by default that of now.
 */
export function readWays({ standard }: DemoConfig, kept: Kept = note.read() as Kept): Ways {
  const ways = Object.fromEntries(NAMES.map((name) => [name, kept?.[name] === true]))
  return { ...PLAIN, ...ways, ...(!standard && { dpop: false, push: false }) }
}

/** Keeps a choice. */
export function keepWays(ways: Ways): void {
  note.write(ways)
}

/** What is chosen, by the words that an address has for it. */
export const nameWays = (ways: Ways): readonly string[] => NAMES.filter((name) => ways[name])

/** The address of this app that opens with a choice, in whatever tab. */
export function formatAddress(ways: Ways): string {
  const names = nameWays(ways)
  return names.length === 0 ? '/' : `/?with=${names.join(',')}`
}

/** The imports by their own names, as the cards have them. */
const ENTRIES: Readonly<Record<string, keyof Ways>> = { silent: 'frame', par: 'push' }

/** All words that an address may name, each import by both of its names. */
export const WORDS: readonly string[] = [...NAMES, ...Object.keys(ENTRIES)]

/** What came of the choice that an address names. */
export interface Taken {
  /** What was kept before. */
  readonly before: Kept
  /** The words that name nothing. */
  readonly unknown: readonly string[]
}

/**
 * Takes the choice over that the address names, and the words out of the address. Where all of them
 * name nothing, the choice stays as it was.
 */
export function takeFromAddress(): Taken {
  const url = new URL(location.href)
  const value = url.searchParams.get('with')
  const before = note.read() as Kept
  if (value === null) return { before, unknown: [] }
  const words = value.split(',').map((word) => word.trim().toLowerCase())
  const names = words.map((word) => ENTRIES[word] ?? word)
  const unknown = words.filter((word) => word !== '' && !WORDS.includes(word))
  if (unknown.length < words.length) {
    note.write(Object.fromEntries(NAMES.map((name) => [name, names.includes(name)])))
  }
  url.searchParams.delete('with')
  history.replaceState(history.state, '', url)
  return { before, unknown }
}
