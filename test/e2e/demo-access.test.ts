import { expect, test } from 'vitest'
import type { Page } from '../browsers/page.ts'
import { signInAtTenant } from '../browsers/sign-in-at-tenant.ts'
import { signInToDemo, useDemo } from './demo-fixture.ts'

const fixture = useDemo()

type Key = 'Tab' | 'Shift+Tab'

/**
 * Goes on with the Tab key, or back, until the element of this name has the focus, and makes sure it
 * shows. Not around the end of the page, where the focus goes to the browser's own buttons.
 */
async function tabTo(tab: Page, name: string | RegExp, key: Key = 'Tab'): Promise<void> {
  const seen: string[] = []
  for (let step = 0; step < 40; step++) {
    await tab.keyboard.press(key)
    const [label = '', visible] = await tab.evaluate(() => {
      const element = document.activeElement as HTMLElement
      const { outlineStyle, outlineWidth, boxShadow } = getComputedStyle(element)
      const text = (element as HTMLInputElement).labels?.[0]?.textContent ?? element.textContent
      const ring = outlineStyle !== 'none' && outlineWidth !== '0px'
      return [text?.trim() ?? '', ring || boxShadow !== 'none'] as const
    })
    seen.push(label)
    if (typeof name === 'string' ? label !== name : !name.test(label)) continue
    expect(visible, `the focus on ${label} shows`).toBe(true)
    return
  }
  expect.unreachable(`${name} is not among what the Tab key reaches: ${seen.join(' | ')}`)
}

/** Another view gives the focus to its heading when it has been painted. */
const headingHasFocus = (tab: Page) =>
  tab.waitForFunction(() => document.activeElement?.tagName === 'H1')

test('the whole journey works with the keyboard alone', { timeout: 120_000 }, async () => {
  const tab = await fixture.open()
  await tabTo(tab, 'Sign in with CyberArk Identity')
  await tab.keyboard.press('Enter')
  await tab.getByLabel('User name').waitFor()
  // The first field has the focus already.
  await tab.waitForFunction(() => document.activeElement?.id === 'username')
  await tab.keyboard.type('monika.a')
  await tabTo(tab, 'Password')
  await tab.keyboard.type('Monika-demo-1')
  await tab.keyboard.press('Enter')
  await tab.getByRole('button', { name: 'Deny' }).waitFor()
  await tabTo(tab, 'Allow')
  await tab.keyboard.press('Enter')
  await tab.getByText('Welcome, monika.a').waitFor()

  await tabTo(tab, 'Read my accounts')
  await tab.keyboard.press('Enter')
  await tab.getByText(/\d accounts read from your bank/).waitFor()
  await tabTo(tab, /^Pay €/)
  await tab.keyboard.press('Space')
  await tab.getByText('The bank needs your permission first').waitFor()
  await tabTo(tab, 'Allow payments')
  await tab.keyboard.press('Enter')
  await tab.getByRole('button', { name: 'Deny' }).waitFor()
  await tabTo(tab, 'Allow')
  await tab.keyboard.press('Enter')
  await tab.getByText(/^Paid €/).waitFor()

  await tabTo(tab, 'Bank accounts', 'Shift+Tab')
  await tab.keyboard.press('Enter')
  await tab.getByRole('table').waitFor()
  await headingHasFocus(tab)
  await tabTo(tab, 'Overview', 'Shift+Tab')
  await tab.keyboard.press('Enter')
  await tab.getByText('Welcome, monika.a').waitFor()
  await headingHasFocus(tab)
  await tabTo(tab, 'Sign out', 'Shift+Tab')
  await tab.keyboard.press('Enter')
  await tab.getByText('See you next year.').waitFor()
})

test('a switch is found and turned with the keyboard alone, and keeps the focus', async () => {
  const tab = await fixture.open()
  await tabTo(tab, 'Renew in a hidden frame')
  await tab.keyboard.press('Space')
  const turned = () =>
    tab.evaluate(() => {
      const { id, checked } = document.activeElement as HTMLInputElement
      return [id, checked]
    })
  await expect.poll(turned).toEqual(['way-frame', true])
  await tabTo(tab, 'Bind tokens to a key (DPoP)')
  await tab.keyboard.press('Space')
  await tab.locator('.site-footer').getByText('taxefile-standard').waitFor()
  await expect.poll(turned).toEqual(['way-dpop', true])
})

test('a page that was opened with the keyboard can be skipped to its content', async () => {
  const tab = await fixture.open()
  await signInToDemo(tab, fixture)
  await tab.getByText('Welcome, monika.a').waitFor()
  await tab.reload()
  await tab.getByText('Welcome, monika.a').waitFor()
  await tabTo(tab, 'Skip to the content')
  await tab.keyboard.press('Enter')
  await tab.waitForFunction(() => document.activeElement?.id === 'main')
})

test('signing in again after a sign-out in another tab works where the user is', async () => {
  const profile = await fixture.newProfile()
  const tab = await fixture.open('/accounts', profile)
  await signInToDemo(tab, fixture)
  await tab.getByText('Your accounts').first().waitFor()
  const second = await fixture.open('/', profile)
  await second.getByRole('button', { name: 'Sign out', exact: true }).click()
  await second.getByText('See you next year.').waitFor()
  await tab.getByText('You were signed out in another tab').waitFor()
  await signInToDemoAgain(tab)
  expect(new URL(tab.url()).pathname).toBe('/accounts')
})

async function signInToDemoAgain(tab: Page): Promise<void> {
  await tab.getByRole('button', { name: 'Sign in with CyberArk Identity' }).click()
  await signInAtTenant(tab, fixture.demo.appUrl)
  await tab.getByText('Your accounts').first().waitFor()
}
