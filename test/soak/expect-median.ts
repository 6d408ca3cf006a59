import { afterAll, expect } from 'vitest'

/**
 * Expects, when the runs of a file are over, that half of them took less than `limit` milliseconds: what
 * the product needs, where a single run may meet a busy machine. Gives what takes the time of a run.
 */
export function expectMedian(limit: number): (took: number) => void {
  const times: number[] = []
  afterAll(() => {
    if (times.length === 0) return
    const median = times.sort((one, other) => one - other)[(times.length - 1) >> 1]
    expect(median, `Of ${times.join(', ')} ms`).toBeLessThan(limit)
  })
  return (took) => {
    times.push(took)
  }
}
