import { openSessionNotes } from './timeline/session-notes.js'

/** What the callback page tells the page that it gives way to. */
export const returnNote = openSessionNotes('tax-efile.return')
