import type { Page } from 'playwright-core'
import { expect, test } from 'vitest'
import { gone, imports, onClick } from './popup-window.ts'
import { useProviderApp } from './use-provider-app.ts'

const fixture = useProviderApp()

test('popup() called twice while the client starts signs in by the second window', async () => {
  const { tab, context } = await fixture.open({ imports })
  const windows: Page[] = []
  context.on('page', (window) => windows.push(window))
  await tab.evaluate(
    onClick(`(() => {
      window.fresh = client()
      const sign = () => fresh.signIn({ via: popup() }).then(() => 'ok', (error) => error.code + ': ' + error.message)
      window.all = Promise.all([sign(), sign()])
      return window.all
    })()`),
  )
  await tab.click('#popup')
  expect(await tab.evaluate('all')).toEqual([
    'popup_closed: Another window was opened for the sign-in.',
    'ok',
  ])
  expect(windows).toHaveLength(2)
  await Promise.all(windows.map(gone))
  expect(await tab.evaluate('fresh.state.status')).toBe('signed-in')
})
