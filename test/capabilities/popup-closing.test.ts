import type { Page } from 'playwright-core'
import { expect, test } from 'vitest'
import { quickestOfThree } from '../e2e/quickest-of-three.ts'
import { clickPopup, gone, HOLD, imports, openWindow, waitForLooks } from './popup-window.ts'
import { started, statusOf, useProviderApp } from './use-provider-app.ts'

const fixture = useProviderApp()

/** Expects that a page says within seconds that its window was closed, each time that it is. */
async function expectClosed(openAndClose: () => Promise<Page>): Promise<void> {
  const took = await quickestOfThree(5_000, async () => {
    const tab = await openAndClose()
    const start = performance.now()
    expect(await tab.evaluate('done')).toBe('popup_closed: The window of the sign-in was closed.')
    expect(await tab.evaluate('auth.state.error.retryable')).toBe(true)
    expect(await statusOf(tab)).toBe('signed-out')
    return performance.now() - start
  })
  expect(took).toBeLessThan(5_000)
}

/**
 * Says whether the user is at a page, for Chromium: as playwright drives it, each of its pages has
 * the focus. In Firefox one has it.
 */
async function setFocus(tab: Page, isHere: boolean): Promise<void> {
  if (fixture.browser().engine.name !== 'chromium') return
  await tab.evaluate(`document.hasFocus = () => ${isHere}`)
}

/**
 * The same for a user who is at the window, and back at the page in the moment in which that is closed.
 * Gives what waits until the page has seen that they went: it looks every 100 ms, and no user is faster.
 */
async function setFocusBehind(tab: Page): Promise<() => Promise<unknown>> {
  await tab.evaluate((isToldByDriver) => {
    const { open } = window
    const hasFocus = document.hasFocus.bind(document)
    const left = new Promise<void>((resolve) => {
      window.open = (...given) => {
        const opened = open(...given)
        document.hasFocus = () => {
          const isHere = isToldByDriver ? !!opened?.closed : hasFocus()
          if (!isHere) resolve()
          return isHere
        }
        return opened
      }
    })
    Object.assign(window, { left })
  }, fixture.browser().engine.name === 'chromium')
  return () => tab.evaluate('left')
}

test('popup() says when its window is closed', async () => {
  const { tab } = await fixture.open({ imports, request: HOLD })
  const window = await openWindow(tab)
  await waitForLooks(tab)
  await window.close()
  expect(await tab.evaluate('done')).toBe('popup_closed: The window of the sign-in was closed.')
  expect(await tab.evaluate('auth.state.error.code')).toBe('popup_closed')
})

test.for([
  ['before it is known where to send the user', '/.well-known/openid-configuration'],
  ["before the provider's page has come", '/auth'],
] as const)('popup() says when its window is closed %s', async ([, held]) => {
  await expectClosed(async () => {
    const { tab, provider } = await fixture.open({ imports, request: HOLD })
    const asked = new Promise((resolve) => {
      provider.options.intercept = ({ url }) => {
        if (!url?.startsWith(held)) return false
        resolve(null)
        return true
      }
    })
    const window = await clickPopup(tab)
    await asked
    // As a user closes it.
    await window.close({ runBeforeUnload: true })
    return tab
  })
})

test('popup() says when its window is closed as soon as the page of the provider shows', async () => {
  await expectClosed(async () => {
    const { tab } = await fixture.open({ imports, request: HOLD })
    const left = await setFocusBehind(tab)
    const window = await openWindow(tab)
    await left()
    await window.close()
    return tab
  })
})

test('popup() waits for a window that a later page of the provider cuts off', async () => {
  const { tab, provider } = await fixture.open({ imports, request: HOLD })
  await setFocus(tab, false)
  const window = await openWindow(tab)
  await waitForLooks(tab)
  provider.options.openerPolicy = 'same-origin'
  await window.reload()
  await waitForLooks(tab)
  await waitForLooks(tab)
  expect(await statusOf(tab)).toBe('signing-in')
  const { login_hint: _, ...query } = provider.requests('/auth')[0]?.query ?? {}
  await window.evaluate(
    (to) => {
      location.href = to
    },
    `${provider.issuer}/auth?${new URLSearchParams(query)}`,
  )
  expect(await tab.evaluate('done')).toBe('ok')
  expect(await statusOf(tab)).toBe('signed-in')
})

test('popup() leaves no window behind when the sign-in cannot begin', async () => {
  const { tab } = await fixture.open({
    imports,
    options: 'metadata: { ...metadata, require_pushed_authorization_requests: true },',
  })
  const window = await clickPopup(tab)
  await gone(window)
  expect(await tab.evaluate('done')).toMatch(/^config: /)
})

test('a sign-in whose window was given up completes there, and reaches the page', async () => {
  const { tab, provider, origin } = await fixture.open({
    imports,
    request: HOLD,
    provider: { openerPolicy: 'same-origin' },
  })
  // The minute is over when the window has been cut off, and not before.
  await tab.evaluate(() => {
    const { setTimeout } = globalThis
    Object.assign(globalThis, {
      setTimeout: (task: (...given: unknown[]) => void, after?: number, ...given: unknown[]) =>
        after === 60_000
          ? void Object.assign(globalThis, { giveUp: () => task(...given) })
          : setTimeout(task, after, ...given),
    })
  })
  const window = await openWindow(tab)
  await tab.evaluate('giveUp()')
  expect(await tab.evaluate('done')).toBe('timeout: The sign-in took too long.')
  const { login_hint: _, ...query } = provider.requests('/auth')[0]?.query ?? {}
  await window.goto(`${provider.issuer}/auth?${new URLSearchParams(query)}`)
  await window.waitForURL(`${origin}/`)
  await tab.waitForFunction(`auth.state.status === 'signed-in'`)
  await started(window)
  expect(await statusOf(window)).toBe('signed-in')
  expect(provider.requests('/token')).toHaveLength(1)
})
