import { expect, test } from 'vitest'
import { createPersistentProfile } from './launch-browser.ts'
import { page, servePages } from './serve-pages.ts'

test('a persistent profile outlives its browser', async () => {
  const pages = await servePages({ pages: { '/storage': page('') } })
  const persistent = await createPersistentProfile()
  const url = `${pages.origin()}/storage`
  try {
    const before = await persistent.start()
    const first = await before.newPage()
    await first.goto(url)
    await first.evaluate(() => localStorage.setItem('kept', 'yes'))
    await before.close()
    const after = await persistent.start()
    const second = await after.newPage()
    await second.goto(url)
    expect(await second.evaluate(() => localStorage.getItem('kept'))).toBe('yes')
    await after.close()
  } finally {
    await persistent.remove()
    await pages.close()
  }
})
