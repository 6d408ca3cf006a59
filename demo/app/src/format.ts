const SECOND = 1000
const MINUTE = 60 * SECOND
const HOUR = 60 * MINUTE

const clockTime = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit' })
const exactTime = new Intl.DateTimeFormat('en-GB', {
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
})
const longDate = new Intl.DateTimeFormat('en-GB', {
  day: 'numeric',
  month: 'long',
  year: 'numeric',
})

/** `18:42` */
export function formatClock(at: number): string {
  return clockTime.format(at)
}

/** `18:42:07` */
export function formatExactTime(at: number): string {
  return exactTime.format(at)
}

/** `31 July 2026` */
export function formatDate(at: number): string {
  return longDate.format(at)
}

/** `€1,284.50` */
export function formatMoney(amount: number, currency: string): string {
  const text = new Intl.NumberFormat('en-GB', { style: 'currency', currency }).format(amount)
  return text.replace('-', '\u2212')
}

/** What is left of a time, no finer than somebody wants to watch: `4 h 58 min`, `58 min`, `42 s`. */
export function formatRemaining(left: number): string {
  if (left >= HOUR) {
    const minutes = Math.floor((left % HOUR) / MINUTE)
    return `${Math.floor(left / HOUR)} h ${String(minutes).padStart(2, '0')} min`
  }
  if (left >= 2 * MINUTE) return `${Math.floor(left / MINUTE)} min`
  return `${Math.ceil(left / SECOND)} s`
}

/** A length of time in words: `about 1 hour`, `about 20 minutes`. */
export function describeDuration(length: number): string {
  const absolute = Math.abs(length)
  if (absolute < 90 * SECOND) return count(Math.max(1, Math.round(absolute / SECOND)), 'second')
  if (absolute < 50 * MINUTE) return count(Math.round(absolute / MINUTE), 'minute')
  if (absolute < 36 * HOUR) return count(Math.round(absolute / HOUR), 'hour')
  return count(Math.round(absolute / (24 * HOUR)), 'day')
}

function count(number: number, unit: string): string {
  return `about ${number} ${unit}${number === 1 ? '' : 's'}`
}
