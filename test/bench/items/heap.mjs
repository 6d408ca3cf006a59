// @ts-check
import { interleave } from '../interleave.mjs'
import { signInAnew } from '../stage/visit.mjs'

/**
 * What is left on the heap of the page after the sign-in, beyond that of an empty page.
 *
 * @param {import('../interleave.mjs').Run} run
 */
export function measureHeap(run) {
  return interleave(run, 'heap', async (name, add) => {
    const { context, page } = await signInAnew(run.stage, name)
    try {
      const empty = await context.newPage()
      await empty.goto(`${run.stage.origin}/empty`)
      add('heap after sign-in', 'KB', ((await heapOf(page)) - (await heapOf(empty))) / 1024)
    } finally {
      await context.close()
    }
  })
}

/** @param {import('playwright-core').Page} page */
async function heapOf(page) {
  const session = await page.context().newCDPSession(page)
  await session.send('HeapProfiler.enable')
  // What the first collection only finds out about, the second removes.
  await session.send('HeapProfiler.collectGarbage')
  await session.send('HeapProfiler.collectGarbage')
  const { usedSize } = await session.send('Runtime.getHeapUsage')
  await session.detach()
  return usedSize
}
