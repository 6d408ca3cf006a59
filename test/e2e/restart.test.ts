import { expect, test } from 'vitest'
import { createPersistentProfile } from '../browsers/launch-browser.ts'
import { appPage, signIn, stateOf, useFixture, whenStarted } from './fixture.ts'

const fixture = useFixture()

test.for([
  ['session', 'signed-out'],
  ['device', 'signed-in'],
] as const)(
  'persistence %s: after a restart of the browser the user is %s',
  async ([persistence, status]) => {
    fixture.pages.setPage('/', appPage({ ...fixture.options, persistence }))
    const persistent = await createPersistentProfile()
    try {
      const before = await persistent.start()
      const tab = await before.newPage()
      await tab.goto(`${fixture.origin}/`)
      await whenStarted(tab)
      await signIn(tab, fixture)
      expect((await stateOf(tab)).status).toBe('signed-in')
      await before.close()
      const after = await persistent.start()
      const again = await after.newPage()
      await again.goto(`${fixture.origin}/`)
      await whenStarted(again)
      expect(await stateOf(again)).toMatchObject({ status })
      if (status === 'signed-out') {
        expect(await stateOf(again)).toMatchObject({
          reason: 'no-session',
          error: null,
          warning: null,
        })
        await signIn(again, fixture)
        expect((await stateOf(again)).status).toBe('signed-in')
      }
      expect(after.observed.errors).toEqual([])
      await after.close()
    } finally {
      await persistent.remove()
    }
  },
)
