import { createStore, type Store } from '../store.js'
import type { SessionNotes } from './session-notes.js'

const LONGEST = 80

/** What kind of thing happened: picks the icon. */
export type EventKind = 'leave' | 'return' | 'check' | 'keep' | 'call' | 'renew' | 'end' | 'tab'

/** Whether it went well. */
export type EventTone = 'plain' | 'good' | 'bad'

/** One thing that happened, in words. Never with a token, a code or a key. */
export interface TimelineEvent {
  readonly kind: EventKind
  readonly tone: EventTone
  readonly title: string
  readonly detail?: string
  /** Milliseconds since the epoch. */
  readonly at: number
}

/** An event that is about to be written down; `at` is now unless given. */
export type NewEvent = Omit<TimelineEvent, 'at'> & { readonly at?: number }

/** What happened in this tab, oldest first. */
export interface Timeline {
  readonly events: Store<readonly TimelineEvent[]>
  readonly add: (...events: readonly NewEvent[]) => void
  readonly clear: () => void
}

/** Makes the timeline, with what the notes still know. */
export function createTimeline(notes: SessionNotes): Timeline {
  const known = notes.read()
  const events = createStore<readonly TimelineEvent[]>(
    Array.isArray(known) ? known.filter(isEvent) : [],
  )
  function keep(next: readonly TimelineEvent[]): void {
    notes.write(next)
    events.set(next)
  }
  return {
    events,
    add(...added) {
      const dated = added.map((event) => ({ ...event, at: event.at ?? Date.now() }))
      keep([...events.get(), ...dated].slice(-LONGEST))
    },
    clear: () => keep([]),
  }
}

function isEvent(value: unknown): value is TimelineEvent {
  const event = value as TimelineEvent | null
  return typeof event?.title === 'string' && typeof event.at === 'number'
}
