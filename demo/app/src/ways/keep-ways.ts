import type { DemoConfig } from '../config.js'
import { openSessionNotes } from '../timeline/session-notes.js'
import { PLAIN, type Ways } from './ways.js'

const note = openSessionNotes('tax-efile.ways')
const NAMES = Object.keys(PLAIN) as (keyof Ways)[]

/** What was chosen in this tab. The trip to the tenant and back, and reloads, leave it alone. */
export function readWays({ standard }: DemoConfig): Ways {
  const kept = note.read() as Partial<Ways> | null
  const ways = Object.fromEntries(NAMES.map((name) => [name, kept?.[name] === true]))
  return { ...PLAIN, ...ways, ...(!standard && { dpop: false, push: false }) }
}

/** Keeps a choice. */
export function keepWays(ways: Ways): void {
  note.write(ways)
}

/** The address of this app that opens with a choice, in whatever tab. */
export function formatAddress(ways: Ways): string {
  const names = NAMES.filter((name) => ways[name])
  return names.length === 0 ? '/' : `/?with=${names.join(',')}`
}

/** The imports by their own names, as the cards have them. */
const ENTRIES: Readonly<Record<string, keyof Ways>> = { silent: 'frame', par: 'push' }

/** All words that an address may name, each import by both of its names. */
export const WORDS: readonly string[] = [...NAMES, ...Object.keys(ENTRIES)]

/**
 * Takes the choice over that the address names, and the words out of the address.
 *
 * @returns the words that name nothing
 */
export function takeFromAddress(): readonly string[] {
  const url = new URL(location.href)
  const value = url.searchParams.get('with')
  if (value === null) return []
  const words = value.split(',').map((word) => word.trim().toLowerCase())
  const names = words.map((word) => ENTRIES[word] ?? word)
  note.write(Object.fromEntries(NAMES.map((name) => [name, names.includes(name)])))
  url.searchParams.delete('with')
  history.replaceState(history.state, '', url)
  return words.filter((word) => word !== '' && !WORDS.includes(word))
}
