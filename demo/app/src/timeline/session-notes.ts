/**
 * A place for small notes that outlive the trip to the tenant and back. Labels and times only,
 * never a token. Where the browser blocks storage the notes are simply forgotten.
 */
export interface SessionNotes {
  readonly read: () => unknown
  readonly write: (value: unknown) => void
}

/** Opens the note of this name. */
export function openSessionNotes(name: string): SessionNotes {
  return {
    read() {
      try {
        return JSON.parse(sessionStorage.getItem(name) ?? 'null')
      } catch {
        return null
      }
    },
    write(value) {
      try {
        sessionStorage.setItem(name, JSON.stringify(value))
      } catch {
        // Blocked or full: the page works without its notes.
      }
    },
  }
}
