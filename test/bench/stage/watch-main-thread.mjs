// @ts-check

/**
 * Counts the time in which the main thread of a page is at work: its own processor time, which a
 * busy machine does not stretch.
 *
 * @param {import('playwright-core').Page} page
 */
export async function watchMainThread(page) {
  const session = await page.context().newCDPSession(page)
  await session.send('Performance.enable', { timeDomain: 'threadTicks' })
  const read = async () => {
    const { metrics } = await session.send('Performance.getMetrics')
    return (metrics.find(({ name }) => name === 'TaskDuration')?.value ?? 0) * 1000
  }
  const before = await read()
  return {
    /** Milliseconds since the start. */
    async stop() {
      const after = await read()
      await session.detach()
      return after - before
    },
  }
}
