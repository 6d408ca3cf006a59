// @ts-check

/**
 * Takes the clock of this process, which is the provider's, into its own hand: pages are put ahead
 * in time, and their provider with them.
 */
export function shiftClock() {
  const now = Date.now
  let ahead = 0
  Date.now = () => now() + ahead
  return {
    /** @param {number} milliseconds */
    advance(milliseconds) {
      ahead += milliseconds
    },
    restore() {
      Date.now = now
    },
  }
}
