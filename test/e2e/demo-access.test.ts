import { readFile, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { beforeAll, expect, onTestFinished, test } from 'vitest'
import { createPersistentProfile } from '../browsers/launch-browser.ts'
import type { Page } from '../browsers/page.ts'
import { signInAtTenant } from '../browsers/sign-in-at-tenant.ts'
import { signInToDemo, useDemo } from './demo-fixture.ts'
import { visitEverything } from './visit-everything.ts'

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
    await visitEverything(tab, fixture, (place) => checkWithAxe(tab, place))
  },
)

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

test('a switch is found and turned with the keyboard alone, and keeps the focus', async () => {
  const tab = await fixture.open()
  await tabTo(tab, 'Renew in a hidden frame')
  await tab.keyboard.press('Space')
  const turned = () =>
    tab.evaluate(() => {
      const { id, checked } = document.activeElement as HTMLInputElement
      return [id, checked]
    })
  expect(await turned()).toEqual(['way-frame', true])
  await tabTo(tab, 'Bind tokens to a key (DPoP)')
  await tab.keyboard.press('Space')
  await tab.locator('.site-footer').getByText('taxefile-standard').waitFor()
  expect(await turned()).toEqual(['way-dpop', true])
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
