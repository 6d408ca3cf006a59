import { expect, test } from 'vitest'
import { startBank } from '../../demo/bank/start-bank.mjs'
import { startDemo } from '../../demo/start-demo.mjs'
import { startTenant, type Tenant } from '../../demo/tenant/start-tenant.mjs'
import type { Page } from '../browsers/page.ts'
import { signInAtTenant } from '../browsers/sign-in-at-tenant.ts'
import { heading, signInToDemo, useDemo } from './demo-fixture.ts'

const fixture = useDemo()

const WELCOME = 'Welcome, monika.a'
const alertOf = (tab: Page) => tab.getByRole('alert')
const clickSignIn = (tab: Page) =>
  tab.getByRole('button', { name: 'Sign in with CyberArk Identity' }).click()

test('Tax eFile at an address that is not registered says so, and where to go instead', async () => {
  const profile = await fixture.newProfile()
  const tab = await profile.newPage()
  await tab.goto(fixture.demo.appUrl.replace('localhost', '127.0.0.1'))
  const warning = tab.getByRole('complementary', { name: 'Address' })
  await warning.getByText('This address is not registered').waitFor()
  expect(await warning.textContent()).toContain(
    `which the tenant does not know and will refuse. Open it at ${fixture.demo.appUrl} to sign in.`,
  )
  await clickSignIn(tab)
  await alertOf(tab).getByText('The sign-in service does not talk to this address').waitFor()
  await warning.getByRole('link', { name: fixture.demo.appUrl }).click()
  await tab.waitForURL(`${fixture.demo.appUrl}/`)
  await signInToDemo(tab, fixture)
  await tab.getByText(WELCOME).waitFor()
})

test('the tenant says that a redirect URI is not registered, and what to do', async () => {
  fixture.tenant.set({ trustedDomains: ['localhost', '127.0.0.1'] })
  const profile = await fixture.newProfile()
  const tab = await profile.newPage()
  await tab.goto(fixture.demo.appUrl.replace('localhost', '127.0.0.1'))
  await clickSignIn(tab)
  await tab.waitForURL(`${fixture.demo.tenantUrl}/**`)
  expect(await heading(tab).textContent()).toBe('This address is not registered')
  expect(await tab.locator('main').textContent()).toContain(
    'Open the app at the address it is registered for',
  )
  await tab.goto(fixture.demo.appUrl)
  await signInToDemo(tab, fixture)
  await tab.getByText(WELCOME).waitFor()
})

test('Tax eFile says that the tenant does not answer, and goes on once it does', async () => {
  const demo = await startDemo()
  let restarted: { stop(): Promise<void> } | undefined
  try {
    const profile = await fixture.newProfile()
    const tab = await profile.newPage()
    await tab.goto(demo.appUrl)
    const { port } = new URL(demo.tenantUrl)
    await demo.tenant?.stop()
    await clickSignIn(tab)
    const alert = alertOf(tab)
    await alert.getByText('The sign-in service does not answer').waitFor()
    expect(await alert.textContent()).toContain(
      `We could not reach ${new URL(demo.tenantUrl).host}. Check that you are online and that the tenant is running, then try again.`,
    )
    restarted = await startTenant({
      port: Number(port),
      redirectUris: [`${demo.appUrl}/callback`],
    })
    await alert.getByRole('button', { name: 'Try again' }).click()
    await signInAtTenant(tab, demo.appUrl)
    await tab.getByText(WELCOME).waitFor()
  } finally {
    await restarted?.stop()
    await demo.stop().catch(() => {})
  }
})

test.for<[string, Parameters<Tenant['set']>[0], string, string]>([
  [
    'takes the page for a stranger',
    { trustedDomains: ['example.org'] },
    'The sign-in service does not answer',
    'Ask the admin to add the host name of this page, without scheme, to the trusted DNS domains',
  ],
  [
    'wants a secret',
    { clientType: 'Confidential' },
    'The sign-in could not be finished',
    'its Client ID Type is Confidential and wants a secret (choose List or Anything)',
  ],
])(
  'Tax eFile says what an administrator has to change where the tenant %s',
  async ([, switches, title, remedy]) => {
    const tab = await fixture.open()
    fixture.tenant.set(switches)
    await clickSignIn(tab)
    if ('clientType' in switches) await signInAtTenant(tab, fixture.demo.appUrl)
    const alert = alertOf(tab)
    await alert.getByText(title).waitFor()
    expect(await alert.textContent()).toContain('the technical details say')
    await alert.locator('summary').click()
    expect(await alert.locator('.technical').textContent()).toContain(remedy)
  },
)

test('Tax eFile says that the bank does not answer, and goes on once it does', async () => {
  const demo = await startDemo()
  let restarted: { stop(): Promise<void> } | undefined
  try {
    const profile = await fixture.newProfile()
    const tab = await profile.newPage()
    await tab.goto(demo.appUrl)
    await clickSignIn(tab)
    await signInAtTenant(tab, demo.appUrl)
    await tab.getByText(WELCOME).waitFor()
    await demo.bank.stop()
    await tab.getByRole('button', { name: 'Read my accounts' }).click()
    const alert = alertOf(tab)
    await alert.getByText('The bank does not answer').waitFor()
    expect(await alert.textContent()).toContain('You are still signed in.')
    expect(await heading(tab).textContent()).toBe(WELCOME)
    const app = demo.tenant?.apps.taxefile
    restarted = await startBank({
      port: Number(new URL(demo.bankUrl).port),
      issuer: app?.issuer ?? '',
      audience: app?.clientId ?? '',
      jwksUri: app?.metadata.jwks_uri ?? '',
      allowedOrigins: [demo.appUrl],
    })
    await alert.getByRole('button', { name: 'Try again' }).click()
    await tab.getByText(/\d accounts read from your bank/).waitFor()
  } finally {
    await restarted?.stop()
    await demo.stop().catch(() => {})
  }
})

test.for([
  [3600, 'slow'],
  [-3600, 'fast'],
] as const)(
  'Tax eFile says that the clock is an hour off (%i s), and goes on once it is set',
  async ([clockOffset, direction]) => {
    fixture.tenant.set({ clockOffset })
    const tab = await fixture.open()
    await signInToDemo(tab, fixture)
    const alert = alertOf(tab)
    await alert.getByText('Your clock is wrong').waitFor()
    expect(await alert.textContent()).toContain(
      `This device’s clock is about 1 hour ${direction}. Set the date and time to automatic in the device’s settings, then sign in again.`,
    )
    fixture.tenant.set({ clockOffset: 0 })
    await alert.getByRole('button', { name: 'Sign in again' }).click()
    await tab.getByText(WELCOME).waitFor()
  },
)

test('Tax eFile says that the browser keeps nothing, and goes on once it does', async () => {
  const profile = await fixture.newProfile()
  // As browsers do where a user blocks all site data.
  await profile.context.addInitScript(() => {
    if (location.search !== '?blocked') return
    const refuse = () => {
      throw new DOMException('The operation is insecure.', 'SecurityError')
    }
    for (const name of ['localStorage', 'sessionStorage', 'indexedDB']) {
      Object.defineProperty(window, name, { get: refuse })
    }
    Object.defineProperty(Document.prototype, 'cookie', { get: () => '', set() {} })
  })
  const tab = await fixture.open('/?blocked', profile)
  const title = 'Your browser keeps nothing for this site'
  await tab.getByRole('complementary', { name: 'Storage' }).getByText(title).waitFor()
  await clickSignIn(tab)
  await alertOf(tab).getByText(title).waitFor()
  expect(await alertOf(tab).textContent()).toContain(
    'Allow them in the browser’s site settings, then reload the page and sign in.',
  )
  expect(tab.url()).toBe(`${fixture.demo.appUrl}/?blocked`)
  await tab.goto(fixture.demo.appUrl)
  await signInToDemo(tab, fixture)
  await tab.getByText(WELCOME).waitFor()
})

test('Tax eFile says that a user lacks the Run permission, and takes another', async () => {
  const tab = await fixture.open()
  await signInToDemo(tab, fixture, { username: 'peter.b' })
  const alert = alertOf(tab)
  await alert.getByText('Your user may not run Tax eFile').waitFor()
  expect(await alert.textContent()).toContain(
    'knows you, but you do not have the Run permission for this application. Ask your administrator for it',
  )
  await alert.getByRole('button', { name: 'Sign in as somebody else' }).click()
  await signInAtTenant(tab, fixture.demo.appUrl)
  await tab.getByText(WELCOME).waitFor()
})

test('Tax eFile says that access was not given, and asks again', async () => {
  const tab = await fixture.open()
  await signInToDemo(tab, fixture, { decision: 'deny' })
  const alert = alertOf(tab)
  await alert.getByText('Access was not given').waitFor()
  await alert.getByRole('button', { name: 'Sign in again' }).click()
  await tab.getByRole('button', { name: 'Allow', exact: true }).click()
  await tab.getByText(WELCOME).waitFor()
})

test('the tenant says that a password is wrong, and takes the right one', async () => {
  const tab = await fixture.open()
  await clickSignIn(tab)
  await tab.getByLabel('User name').fill('monika.a')
  await tab.getByLabel('Password').fill('wrong')
  await tab.getByRole('button', { name: 'Sign in', exact: true }).click()
  await alertOf(tab).getByText('That user name and password do not go together.').waitFor()
  await signInAtTenant(tab, fixture.demo.appUrl)
  await tab.getByText(WELCOME).waitFor()
})

test('Tax eFile says that the bank is busy, and that the bank takes the token no more', async () => {
  const tab = await fixture.open()
  await signInToDemo(tab, fixture)
  await tab.getByText(WELCOME).waitFor()
  fixture.demo.bank.set({ answer: 'always-503' })
  await tab.getByRole('button', { name: 'Read my accounts' }).click()
  await alertOf(tab).getByText('The bank cannot answer now').waitFor()
  fixture.demo.bank.set({ answer: 'always-401' })
  await alertOf(tab).getByRole('button', { name: 'Try again' }).click()
  await alertOf(tab).getByText('The bank does not accept your sign-in').waitFor()
  fixture.demo.bank.set({ answer: 'normal' })
  const back = tab.waitForRequest(/\/OAuth2\/Token\//)
  await alertOf(tab).getByRole('button', { name: 'Sign in again' }).click()
  await back
  await tab.getByRole('button', { name: 'Read my accounts' }).click()
  await tab.getByText(/\d accounts read from your bank/).waitFor()
})
