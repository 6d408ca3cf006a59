import { expect, test } from 'vitest'
import { heading, signInToDemo, timelineOf, useDemo } from './demo-fixture.ts'
import { requestsTo } from './fixture.ts'

const fixture = useDemo()

const welcome = 'Welcome, monika.a'
const landing = 'Your tax return, filled in by your bank.'

/** What the page says of a payment that the user does not allow at the tenant. */
const NOT_ALLOWED = [
  'The payment was not allowed',
  'Tax eFile was not given the permission for it, so nothing was paid. Nothing else has changed: you are still signed in, with the permissions you had before.',
]
const DENIED =
  'authorization_error: The provider refused the sign-in: access_denied. The tenant said “access_denied: the user denied the request”.'

test('Tax eFile signs a user in at the tenant, and says who, what for and how long', async () => {
  const tab = await fixture.open()
  expect(await heading(tab).textContent()).toBe(landing)
  await tab.getByRole('button', { name: 'Sign in with CyberArk Identity' }).click()
  await tab.waitForURL(`${fixture.demo.tenantUrl}/login?**`)
  expect(await heading(tab).textContent()).toBe('Sign in')
  await tab.getByLabel('User name').fill('monika.a')
  await tab.getByLabel('Password').fill('Monika-demo-1')
  await tab.getByRole('button', { name: 'Sign in', exact: true }).click()
  await tab.waitForURL('**/consent?**')
  expect(await heading(tab).textContent()).toBe('Allow Tax eFile?')
  expect(await tab.locator('.scopes code').allTextContents()).toEqual([
    'openid',
    'profile',
    'ReadUserProfile',
    'accounts.read',
  ])
  await tab.getByRole('button', { name: 'Allow', exact: true }).click()

  await tab.getByText(welcome).waitFor()
  expect(tab.url()).toBe(`${fixture.demo.appUrl}/`)
  const allowed = tab.getByRole('list', { name: 'Allowed', exact: true })
  expect(await allowed.locator('code').allTextContents()).toEqual([
    'profile',
    'ReadUserProfile',
    'accounts.read',
    'openid',
  ])
  expect(await tab.getByTestId('time-left').textContent()).toMatch(
    /^(4 h 59 min|5 h 00 min), until \d\d:\d\d$/,
  )
  expect(await tab.getByTestId('renewal').textContent()).toBe('Nothing to do')
  const timeline = await timelineOf(tab)
  expect(timeline.slice(0, 2)).toEqual(['Sent to CyberArk Identity', 'Came back with a code'])
  expect(timeline.slice(-2)).toEqual(['Verified the ID token', 'Stored the tokens, sealed'])
  expect(timeline).toContain('Exchanged the code for tokens')
})

test('Tax eFile lists the accounts of the bank', async () => {
  const tab = await fixture.open()
  await signInToDemo(tab, fixture)
  await tab.getByRole('button', { name: 'Read my accounts' }).click()
  await tab.getByText(/\d accounts read from your bank/).waitFor()
  await tab.getByRole('link', { name: 'See them' }).click()
  const table = tab.getByRole('table', { name: 'Your accounts at the bank' })
  await table.waitFor()
  expect(await table.locator('tbody tr').count()).toBeGreaterThan(1)
  expect(await table.locator('tbody tr td.number').first().textContent()).toMatch(/^€[\d,]+\.\d\d$/)
  const calls = fixture.demo.bank.log.filter(({ method }) => method === 'GET')
  expect(calls).toMatchObject([{ path: '/api/accounts', status: 200 }])
})

test('Tax eFile says in words that a permission is missing, gets it, and pays', async () => {
  const tab = await fixture.open()
  await signInToDemo(tab, fixture)
  await tab.getByRole('button', { name: /^Pay €/ }).click()
  const refusal = tab.getByRole('alert')
  await refusal.getByText('The bank needs your permission first').waitFor()
  expect(await refusal.textContent()).toContain(
    'You have not allowed Tax eFile to make payments (payments.write), so the bank said no and nothing was paid.',
  )
  expect(await timelineOf(tab)).toContain('The bank’s API asked for more')
  const transfers = () => fixture.demo.bank.log.filter(({ method }) => method === 'POST')
  expect(transfers()).toMatchObject([{ path: '/api/transfers', status: 403 }])
  const missing = tab.getByRole('list', { name: 'Not allowed', exact: true })
  expect(await missing.locator('code').allTextContents()).toEqual(['payments.write'])

  await refusal.getByRole('button', { name: 'Allow payments' }).click()
  await tab.waitForURL('**/consent?**')
  expect(await tab.locator('.scopes code').allTextContents()).toContain('payments.write')
  await tab.getByRole('button', { name: 'Allow', exact: true }).click()
  await tab.getByText(/^Paid €/).waitFor()
  expect(transfers().map(({ status }) => status)).toEqual([403, 201])
  const allowed = tab.getByRole('list', { name: 'Allowed', exact: true })
  expect(await allowed.locator('code').allTextContents()).toEqual([
    'profile',
    'ReadUserProfile',
    'accounts.read',
    'payments.write',
    'openid',
  ])
})

test('Tax eFile has the tax paid once: the bank knows it after a reload, and elsewhere', async () => {
  const transfers = () => fixture.demo.bank.log.filter(({ method }) => method === 'POST')
  const tab = await fixture.open()
  await signInToDemo(tab, fixture)
  await tab.getByRole('button', { name: /^Pay €/ }).click()
  await tab.getByRole('button', { name: 'Allow payments' }).click()
  await tab.getByRole('button', { name: 'Allow', exact: true }).click()
  await tab.getByText(/^Paid €/).waitFor()
  const receipt = await tab.locator('.payment-done code').textContent()
  expect(receipt).toMatch(/^[0-9a-f-]{36}$/)
  await tab.getByRole('button', { name: 'Reload this page' }).click()
  await tab.getByText('Still signed in after the reload').waitFor()
  await tab.getByText(/^Paid €/).waitFor()
  expect(await tab.locator('.payment-done code').textContent()).toBe(receipt)
  expect(await tab.locator('.figures-total dd').textContent()).toBe('€0.00')

  const other = await fixture.open()
  await signInToDemo(other, fixture)
  await other.getByRole('button', { name: /^Pay €/ }).click()
  await other.getByText(/^Paid €/).waitFor()
  expect(await other.locator('.payment-done code').textContent()).toBe(receipt)
  expect(transfers().map(({ status }) => status)).toEqual([403, 201])

  // A bank that knows of no payment is right.
  fixture.demo.bank.reset()
  await tab.getByRole('button', { name: 'Reload this page' }).click()
  await tab.getByRole('button', { name: /^Pay €/ }).waitFor()
})

test('Tax eFile shows the tax as paid in each tab, whichever signs in again', async () => {
  const profile = await fixture.newProfile()
  const tab = await fixture.open('/', profile)
  await signInToDemo(tab, fixture)
  await tab.getByText(welcome).waitFor()
  const second = await fixture.open('/', profile)
  await second.getByRole('button', { name: /^Pay €/ }).waitFor()
  await tab.getByRole('button', { name: /^Pay €/ }).click()
  await tab.getByRole('button', { name: 'Allow payments' }).click()
  await tab.getByRole('button', { name: 'Allow', exact: true }).click()
  await tab.getByText(/^Paid €/).waitFor()
  const receipt = await tab.locator('.payment-done code').textContent()
  const isPaidIn = async (page: typeof tab) => {
    await page.getByText(/^Paid €/).waitFor()
    expect(await page.locator('.payment-done code').textContent()).toBe(receipt)
    expect(await page.locator('.figures-total dd').textContent()).toBe('€0.00')
  }
  await isPaidIn(second)

  await second.getByRole('button', { name: 'Sign out here only' }).click()
  await tab.getByText('You were signed out in another tab').waitFor()
  await second.getByRole('button', { name: 'Sign in with CyberArk Identity' }).click()
  await isPaidIn(second)
  await isPaidIn(tab)

  // A sign-in that comes to nothing takes nothing back.
  await tab.getByRole('button', { name: 'Renew now' }).click()
  fixture.tenant.set({ consent: 'always' })
  await tab.getByRole('button', { name: 'Renew by signing in' }).click()
  await tab.getByRole('button', { name: 'Deny' }).click()
  await tab.getByText('The permission was not given').waitFor()
  await isPaidIn(tab)
})

test('the figures of the tax return add up, and are called an example before the sign-in', async () => {
  const tab = await fixture.open()
  expect(await tab.locator('.hero-card h2').textContent()).toBe('Income tax 2025 Example')
  expect(await tab.locator('.figures-total dt').textContent()).toBe('To pay')
  const figures = await tab.locator('.figures dd').allTextContents()
  const [income, interest, tax, withheld, due] = figures.map(
    (text) => Number(text.replace(/[^\d.]/g, '') || Number.NaN) * (/^[-−]/.test(text) ? -1 : 1),
  )
  expect(figures).toHaveLength(5)
  expect([income, interest].every(Number)).toBe(true)
  expect(Number(tax) + Number(withheld)).toBe(due)
})

test('Tax eFile stays signed in, and unpaid, when the permission is not given', async () => {
  const tab = await fixture.open()
  await signInToDemo(tab, fixture)
  await tab.getByRole('button', { name: /^Pay €/ }).click()
  await tab.getByRole('button', { name: 'Allow payments' }).click()
  await tab.getByRole('button', { name: 'Deny' }).click()
  const alert = tab.getByRole('alert')
  await alert.getByText('The payment was not allowed').waitFor()
  expect(await alert.locator('p').allTextContents()).toEqual([...NOT_ALLOWED, DENIED])
  expect(await alert.getByRole('button').allTextContents()).toEqual(['Allow payments', 'Dismiss'])
  expect(await heading(tab).textContent()).toBe(welcome)
  await tab.getByRole('button', { name: /^Pay €/ }).waitFor()
  await tab.getByRole('button', { name: 'Read my accounts' }).click()
  await tab.getByText(/\d accounts read from your bank/).waitFor()
})

test('Tax eFile gets the permission, and pays, after a no that became a yes', async () => {
  const tab = await fixture.open()
  await signInToDemo(tab, fixture)
  await tab.getByRole('button', { name: /^Pay €/ }).click()
  await tab.getByRole('button', { name: 'Allow payments' }).click()
  await tab.getByRole('button', { name: 'Deny' }).click()
  await tab.getByText('The payment was not allowed').waitFor()
  await tab.getByRole('button', { name: 'Allow payments' }).click()
  await tab.getByRole('button', { name: 'Allow', exact: true }).click()
  await tab.getByText(/^Paid €/).waitFor()
  expect(await tab.getByRole('alert').count()).toBe(0)
  const transfers = fixture.demo.bank.log.filter(({ method }) => method === 'POST')
  expect(transfers.map(({ status }) => status)).toEqual([403, 201])
})

test('Tax eFile stays signed in when a permission is not given that is no payment’s', async () => {
  const tab = await fixture.open()
  await signInToDemo(tab, fixture)
  await tab.getByRole('button', { name: 'Renew now' }).click()
  fixture.tenant.set({ consent: 'always' })
  await tab.getByRole('button', { name: 'Renew by signing in' }).click()
  await tab.getByRole('button', { name: 'Deny' }).click()
  const alert = tab.getByRole('alert')
  await alert.getByText('The permission was not given').waitFor()
  expect(await alert.locator('p').allTextContents()).toEqual([
    'The permission was not given',
    'Nothing has changed: you are still signed in, with the permissions you had before.',
    DENIED,
  ])
  expect(await alert.getByRole('button').allTextContents()).toEqual(['Dismiss'])
  expect(await heading(tab).textContent()).toBe(welcome)
})

test('Tax eFile is still signed in after a reload, and asks nobody', async () => {
  const tab = await fixture.open()
  await signInToDemo(tab, fixture)
  await tab.getByText(welcome).waitFor()
  fixture.tenant.clearLog()
  await tab.getByRole('button', { name: 'Reload this page' }).click()
  await tab.getByText('Still signed in after the reload').waitFor()
  expect(await heading(tab).textContent()).toBe(welcome)
  expect(fixture.tenant.log).toEqual([])
})

test('Tax eFile is signed in in a second tab, and signed out in both', async () => {
  const profile = await fixture.newProfile()
  const tab = await fixture.open('/', profile)
  await signInToDemo(tab, fixture)
  await tab.getByText(welcome).waitFor()
  fixture.tenant.clearLog()
  const opened = profile.context.waitForEvent('page')
  await tab.getByRole('link', { name: 'Open a second tab' }).click()
  const second = await opened
  await second.getByText(welcome).waitFor()
  expect(fixture.tenant.log).toEqual([])
  await second.getByRole('button', { name: 'Sign out here only' }).click()
  await second.getByText('You are signed out of Tax eFile').waitFor()
  await tab.getByText('You were signed out in another tab').waitFor()
  expect(await heading(tab).textContent()).toBe(landing)
  await second.getByRole('button', { name: 'Sign in with CyberArk Identity' }).click()
  await tab.getByText(welcome).waitFor()
  await expect.poll(() => tab.getByText('You were signed out in another tab').count()).toBe(0)
})

test('a banner of Tax eFile goes with its view, by the back button too', async () => {
  const tab = await fixture.open()
  await signInToDemo(tab, fixture)
  await tab.getByRole('link', { name: 'Activity' }).click()
  await tab.getByRole('link', { name: 'Overview' }).click()
  await tab.getByRole('button', { name: 'Renew now' }).click()
  await tab.getByRole('alert').getByText('Only you can renew this session').waitFor()
  // Within one document: there is no load that a driver could wait for.
  await tab.evaluate(() => history.back())
  await expect.poll(() => heading(tab).textContent()).toBe('Activity')
  expect(await tab.getByRole('alert').count()).toBe(0)
})

test.for(['refused', 'withheld'] as const)(
  'Tax eFile says that only the user can renew where refresh tokens are %s',
  async (refresh) => {
    fixture.tenant.set({ refresh })
    const tab = await fixture.open()
    await signInToDemo(tab, fixture)
    await tab.getByRole('button', { name: 'Renew now' }).click()
    const alert = tab.getByRole('alert')
    await alert.getByText('Only you can renew this session').waitFor()
    expect(await heading(tab).textContent()).toBe(welcome)
    expect(await tab.getByTestId('renewal').textContent()).toBe(
      'Only by you: sign in again before it runs out',
    )
    await tab.getByRole('button', { name: 'Renew by signing in' }).waitFor()
    expect(await tab.getByRole('button', { name: 'Renew now' }).count()).toBe(0)
    fixture.tenant.clearLog()
    await alert.getByRole('button', { name: 'Sign in again' }).click()
    await expect.poll(() => requestsTo(fixture.tenant, 'Token').length).toBe(1)
    await expect.poll(() => tab.getByTestId('renewal').textContent()).toBe('Nothing to do')
    expect(await heading(tab).textContent()).toBe(welcome)
  },
)

test('Tax eFile renews by itself where the tenant lets it', async () => {
  fixture.tenant.set({ refresh: 'allowed' })
  const tab = await fixture.open()
  await signInToDemo(tab, fixture)
  await tab.getByText(welcome).waitFor()
  await tab.getByRole('button', { name: 'Renew now' }).click()
  await tab.getByText('Renewed the session').waitFor()
  expect(await tab.getByTestId('renewal').textContent()).toBe('Nothing to do')
  expect(await tab.getByRole('alert').count()).toBe(0)
  const bodies = requestsTo(fixture.tenant, 'Token').map(({ body }) => body.slice(0, 24))
  expect(bodies).toEqual(['grant_type=authorization', 'grant_type=refresh_token'])
})

test('Tax eFile signs out at the tenant too: the next sign-in asks for the password', async () => {
  const tab = await fixture.open()
  await signInToDemo(tab, fixture)
  await tab.getByRole('button', { name: 'Sign out', exact: true }).click()
  await tab.getByText('Here and at the tenant. See you next year.').waitFor()
  expect(tab.url()).toBe(`${fixture.demo.appUrl}/`)
  expect(await heading(tab).textContent()).toBe(landing)
  expect(await timelineOf(tab)).toContain('Signed out at the tenant too')
  await tab.getByRole('button', { name: 'Sign in with CyberArk Identity' }).click()
  await tab.getByLabel('Password').waitFor()
  expect(tab.url()).toContain(`${fixture.demo.tenantUrl}/login`)
})

test('signing out of Tax eFile alone leaves the tenant: the next sign-in comes straight back', async () => {
  const tab = await fixture.open()
  await signInToDemo(tab, fixture)
  await tab.getByRole('button', { name: 'Sign out here only' }).click()
  await tab.getByText('You are signed out of Tax eFile').waitFor()
  await tab.getByRole('button', { name: 'Sign in with CyberArk Identity' }).click()
  await tab.getByText(welcome).waitFor()
})

test('of what the demo shows, three requests are refused, which the README announces', async () => {
  const tab = await fixture.open()
  await signInToDemo(tab, fixture)
  await tab.getByRole('button', { name: /^Pay €/ }).click()
  await tab.getByRole('button', { name: 'Allow payments' }).click()
  await tab.getByRole('button', { name: 'Allow', exact: true }).click()
  await tab.getByText(/^Paid €/).waitFor()
  await tab.getByRole('button', { name: 'Renew now' }).click()
  await tab.getByText('Only you can renew this session').first().waitFor()
  await tab.getByRole('button', { name: 'Reload this page' }).click()
  await tab.getByText('Still signed in after the reload').waitFor()
  // After the first, no renewal asks the tenant.
  await tab.getByRole('button', { name: 'Renew now' }).click()
  await tab.getByText('Only you can renew this session').first().waitFor()
  await tab.getByRole('button', { name: 'Sign out', exact: true }).click()
  await tab.getByText('See you next year.').waitFor()
  const { bank } = fixture.demo
  const refused = [...bank.log, ...fixture.tenant.log]
    .filter(({ status = 0, path }) => status >= 400 && path !== '/favicon.ico')
    .map(({ status, method, path }) => `${status} ${method} ${path}`)
  expect(refused).toEqual([
    '403 POST /api/transfers',
    '400 POST /OAuth2/Token/taxefile',
    '400 POST /OAuth2/Revoke/taxefile',
  ])
})

test('nothing that Tax eFile shows, logs or requests mentions a secret', async () => {
  const profile = await fixture.newProfile()
  const tab = await fixture.open('/', profile)
  await signInToDemo(tab, fixture)
  await tab.getByRole('button', { name: 'Read my accounts' }).click()
  await tab.getByText(/\d accounts read from your bank/).waitFor()
  const token = fixture.demo.bank.log
    .map(({ headers }) => headers.authorization)
    .find(Boolean)
    ?.slice('Bearer '.length)
  const grant = new URLSearchParams(requestsTo(fixture.tenant, 'Token')[0]?.body)
  for (const secret of [token, grant.get('code_verifier')]) {
    expect(secret).toBeTruthy()
    expect(profile.observed.mentions(String(secret))).toEqual([])
  }
  // The code comes in one address; the callback page makes it go from there.
  const code = String(grant.get('code'))
  const mentioning = profile.observed.addresses.filter((url) => url.includes(code))
  expect(new Set(mentioning).size).toBeLessThan(2)
  expect(
    await tab.evaluate(() => location.href + document.documentElement.outerHTML),
  ).not.toContain(code)
  expect(profile.observed.console).toEqual([])
})
