import { useEffect, useState } from 'preact/hooks'

const SECOND = 1000
const MINUTE = 60 * SECOND

/** The time, no more often than a countdown to `end` needs: by the minute, at last by the second. */
export function useNow(end: number | null): number {
  const [now, setNow] = useState(Date.now)
  useEffect(() => {
    let timer = 0
    const tick = () => {
      const time = Date.now()
      setNow(time)
      const left = end === null ? Number.POSITIVE_INFINITY : end - time
      const step = left > 2 * MINUTE ? MINUTE : SECOND
      const rest = Number.isFinite(left) ? left % step : 0
      if (left > 0) timer = setTimeout(tick, Math.max(rest, 250))
    }
    tick()
    document.addEventListener('visibilitychange', tick)
    return () => {
      clearTimeout(timer)
      document.removeEventListener('visibilitychange', tick)
    }
  }, [end])
  return now
}
