import { readFile, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { beforeAll, expect, onTestFinished, test } from 'vitest'
import { createPersistentProfile } from '../browsers/launch-browser.ts'
import type { Page } from '../browsers/page.ts'
import { signInAtTenant } from '../browsers/sign-in-at-tenant.ts'
import { heading, signInToDemo, useDemo } from './demo-fixture.ts'

const fixture = useDemo()
let axe: string

beforeAll(async () => {
  axe = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')
})

/** Part of axe-core's API. */
interface Axe {
  run(options: object): Promise<{
    violations: { id: string; nodes: { target: string[]; failureSummary: string }[] }[]
    passes: unknown[]
  }>
}

/** Looks at the page as axe does, and at whether it has to be scrolled sideways. */
type Check = (place: string) => Promise<void>

async function checkWithAxe(tab: Page, place: string): Promise<void> {
  await tab.evaluate(() => document.fonts.ready.then(() => {}))
  // Colours on their way are no colours yet.
  await tab
    .evaluate(() =>
      Promise.all(document.getAnimations().map((each) => each.finished.catch(() => {}))).then(
        () => {},
      ),
    )
    .catch(() => {})
  const { violations, passes } = await tab.evaluate(async () => {
    const { axe } = globalThis as never as { axe: Axe }
    const { violations, passes } = await axe.run({ resultTypes: ['violations'] })
    return {
      passes: passes.length,
      violations: violations.flatMap(({ id, nodes }) =>
        nodes.map(
          ({ target, failureSummary }) => `${id} at ${target.join(' ')}: ${failureSummary}`,
        ),
      ),
    }
  })
  expect(passes, place).toBeGreaterThan(0)
  expect(violations, place).toEqual([])
}

async function checkWidth(tab: Page, place: string): Promise<void> {
  const [scroll, client] = await tab.evaluate(() => {
    const { scrollWidth, clientWidth } = document.documentElement
    return [scrollWidth, clientWidth]
  })
  expect(scroll, place).toBeLessThanOrEqual(Number(client))
}

/** Visits each page of the app and of the tenant, in each state that looks different. */
async function visitEverything(tab: Page, check: Check): Promise<void> {
  const { appUrl, tenantUrl } = fixture.demo
  const button = (name: string | RegExp) => tab.getByRole('button', { name, exact: true })
  await tab.goto(appUrl)
  await button('Sign in with CyberArk Identity').waitFor()
  await check('landing')
  await tab.goto(`${appUrl}/activity`)
  await heading(tab).waitFor()
  await check('activity, signed out')
  await tab.goto(`${appUrl}/nowhere`)
  await heading(tab).waitFor()
  await check('lost')
  await tab.goto(`${tenantUrl}/`)
  await check('tenant: home')
  await tab.goto(`${tenantUrl}/nowhere`)
  await check('tenant: not found')

  await tab.goto(appUrl)
  await button('Sign in with CyberArk Identity').click()
  await tab.getByLabel('Password').waitFor()
  await check('tenant: sign-in')
  await tab.getByLabel('User name').fill('monika.a')
  await tab.getByLabel('Password').fill('wrong')
  await button('Sign in').click()
  await tab.getByRole('alert').waitFor()
  await check('tenant: wrong password')
  await tab.getByLabel('Password').fill('Monika-demo-1')
  await button('Sign in').click()
  await button('Deny').waitFor()
  await check('tenant: consent')
  await button('Deny').click()
  await tab.getByText('Access was not given').waitFor()
  await check('landing with an error')
  await button('Sign in again').click()
  await button('Allow').click()

  await tab.getByText('Welcome, monika.a').waitFor()
  await check('overview')
  await button('Renew now').click()
  await tab.getByText('Only you can renew this session').waitFor()
  await tab.getByText('Technical details').click()
  await check('overview with a warning and its details')
  await button('Dismiss').click()
  await button(/^Pay €/).click()
  await tab.getByText('The bank needs your permission first').waitFor()
  await check('overview, payment refused')
  await button('Allow payments').click()
  await button('Allow').click()
  await tab.getByText(/^Paid €/).waitFor()
  await check('overview, paid')
  await tab.getByRole('link', { name: 'Bank accounts' }).click()
  await tab.getByRole('table').waitFor()
  await check('accounts')
  await tab.getByRole('link', { name: 'Activity' }).click()
  await tab.getByText('Since you opened this tab').waitFor()
  await check('activity')
  await button('Sign out').click()
  await tab.getByText('See you next year.').waitFor()
  await check('landing, signed out')
}

/** A profile of somebody who has chosen a colour scheme. The driver of Firefox knows of none. */
async function openInScheme(colorScheme: 'light' | 'dark') {
  const { engine } = fixture.browser
  if (engine.name !== 'firefox') return fixture.newProfile({ colorScheme })
  const choice = { dark: 0, light: 1 }[colorScheme]
  const persistent = await createPersistentProfile({
    ...engine,
    async launchPersistent(folder) {
      const line = `user_pref("layout.css.prefers-color-scheme.content-override", ${choice});\n`
      await writeFile(join(folder, 'prefs.js'), line)
      return engine.launchPersistent(folder)
    },
  })
  onTestFinished(persistent.remove)
  const profile = await persistent.start()
  onTestFinished(profile.close)
  return profile
}

test.for(['light', 'dark'] as const)(
  'axe finds nothing wrong with any page, %s',
  { timeout: 120_000 },
  async (colorScheme) => {
    const profile = await openInScheme(colorScheme)
    await profile.context.addInitScript({ content: axe })
    const tab = await profile.newPage()
    await tab.goto(fixture.demo.appUrl)
    const isDark = await tab.evaluate(() => matchMedia('(prefers-color-scheme: dark)').matches)
    expect(isDark).toBe(colorScheme === 'dark')
    await visitEverything(tab, (place) => checkWithAxe(tab, place))
  },
)

test('no page has to be scrolled sideways at a width of 360 px', { timeout: 120_000 }, async () => {
  const profile = await fixture.newProfile({ viewport: { width: 360, height: 740 } })
  const tab = await profile.newPage()
  await tab.goto(fixture.demo.appUrl)
  expect(await tab.evaluate(() => innerWidth)).toBe(360)
  await visitEverything(tab, (place) => checkWidth(tab, place))
})

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
  expect(await tab.evaluate(() => document.activeElement?.tagName)).toBe('H1')
  await tabTo(tab, 'Overview', 'Shift+Tab')
  await tab.keyboard.press('Enter')
  await tab.getByText('Welcome, monika.a').waitFor()
  await tabTo(tab, 'Sign out', 'Shift+Tab')
  await tab.keyboard.press('Enter')
  await tab.getByText('See you next year.').waitFor()
})

test('a page that was opened with the keyboard can be skipped to its content', async () => {
  const tab = await fixture.open()
  await signInToDemo(tab, fixture)
  await tab.getByText('Welcome, monika.a').waitFor()
  await tab.reload()
  await tab.getByText('Welcome, monika.a').waitFor()
  await tabTo(tab, 'Skip to the content')
  await tab.keyboard.press('Enter')
  expect(await tab.evaluate(() => document.activeElement?.id)).toBe('main')
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
