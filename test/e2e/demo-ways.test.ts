import { expect, test } from 'vitest'
import type { Page } from '../browsers/page.ts'
import { signInAtTenant } from '../browsers/sign-in-at-tenant.ts'
import { waitForLooks } from '../capabilities/popup-window.ts'
import { heading, signInToDemo, timelineOf, useDemo } from './demo-fixture.ts'

const fixture = useDemo()

const WELCOME = 'Welcome, monika.a'
const turn = (tab: Page, name: string) => tab.getByRole('switch', { name }).click()
const click = (tab: Page, name: string) => tab.getByRole('button', { name, exact: true }).click()
const clickSignIn = (tab: Page) => click(tab, 'Sign in with CyberArk Identity')

/** Has the accounts read, and tells how the bank was called. */
async function readAccounts(tab: Page): Promise<{ scheme?: string; proof: boolean }> {
  await click(tab, 'Read my accounts')
  await tab.getByText(/\d accounts read from your bank/).waitFor()
  const call = fixture.demo.bank.log.findLast(({ method }) => method === 'GET')
  expect(call?.status).toBe(200)
  const scheme = call?.headers.authorization?.split(' ')[0]
  return { ...(scheme && { scheme }), proof: call?.headers.dpop !== undefined }
}

/** The authorization requests that the tenant has had, by the names of their parameters. */
const parametersSent = () =>
  fixture.tenant.log
    .filter(({ path, query }) => /\/authorize\//i.test(path) && query.bounce === undefined)
    .map(({ query }) => Object.keys(query).sort())

test('Tax eFile signs in in a popup, says when it was closed, and stays where it is', async () => {
  const tab = await fixture.open()
  await turn(tab, 'Sign in in a popup')
  const openWindow = async () => {
    const opened = tab.context().waitForEvent('page')
    await clickSignIn(tab)
    const popup = await opened
    await popup.getByLabel('User name').waitFor()
    return popup
  }
  const lost = await openWindow()
  await tab.getByText('Popup opened').waitFor()
  // It is taken for closed where it was seen at the tenant for a moment: nobody closes it sooner.
  await waitForLooks(tab)
  await lost.close()
  await tab.getByRole('alert').getByText('The sign-in window was closed').waitFor()
  expect(await timelineOf(tab)).toEqual(['Popup opened', 'Popup closed'])
  await tab.goto(`${fixture.demo.appUrl}/activity`)
  await click(tab, 'Clear the list')
  await tab.goto(fixture.demo.appUrl)

  const popup = await openWindow()
  await popup.fill('#username', 'monika.a')
  await popup.fill('#password', 'Monika-demo-1')
  await popup.click('button[type=submit]')
  await popup.getByRole('button', { name: 'Allow', exact: true }).click()
  await tab.getByText(WELCOME).waitFor()
  await expect
    .poll(() => timelineOf(tab))
    .toEqual([
      'Popup opened',
      'Popup closed',
      'Exchanged the code for tokens',
      'Verified the ID token',
      'Stored the tokens, sealed',
    ])
  expect(await readAccounts(tab)).toEqual({ scheme: 'Bearer', proof: false })
})

test('Tax eFile says in the page that a payment was not allowed in a popup, and asks again', async () => {
  const tab = await fixture.open('/?with=popup')
  const openWindow = async (name: string) => {
    const opened = tab.context().waitForEvent('page')
    await click(tab, name)
    return opened
  }
  const first = await openWindow('Sign in with CyberArk Identity')
  await first.fill('#username', 'monika.a')
  await first.fill('#password', 'Monika-demo-1')
  await first.click('button[type=submit]')
  await first.getByRole('button', { name: 'Allow', exact: true }).click()
  await tab.getByText(WELCOME).waitFor()
  await tab.getByRole('button', { name: /^Pay €/ }).click()
  await tab.getByText('The bank needs your permission first').waitFor()

  const denied = await openWindow('Allow payments')
  await denied.getByRole('button', { name: 'Deny' }).click()
  const alert = tab.getByRole('alert')
  await alert.getByText('The payment was not allowed').waitFor()
  expect(await alert.locator('p').allTextContents()).toEqual([
    'The payment was not allowed',
    'Tax eFile was not given the permission for it, so nothing was paid. Nothing else has changed: you are still signed in, with the permissions you had before.',
    'authorization_error: The provider refused the sign-in: access_denied. The tenant said “access_denied: the user denied the request”.',
  ])
  expect(await alert.getByRole('button').allTextContents()).toEqual(['Allow payments', 'Dismiss'])
  expect(await heading(tab).textContent()).toBe(WELCOME)
  await tab.getByRole('button', { name: /^Pay €/ }).waitFor()

  const closed = await openWindow('Allow payments')
  await closed.getByRole('button', { name: 'Allow', exact: true }).waitFor()
  await waitForLooks(tab)
  await closed.close()
  await alert.getByText('The sign-in window was closed').waitFor()
  expect(await alert.textContent()).toContain('So nothing was paid, and nothing else has changed.')

  const allowed = await openWindow('Allow payments')
  await allowed.getByRole('button', { name: 'Allow', exact: true }).click()
  await tab.getByText(/^Paid €/).waitFor()
  expect(await alert.count()).toBe(0)
})

test('Tax eFile renews in a hidden frame, and says when the tenant wants to see the user', async () => {
  fixture.tenant.set({ frames: 'allowed' })
  const tab = await fixture.open()
  await signInToDemo(tab, fixture)
  await tab.getByText(WELCOME).waitFor()
  // At once, for the session that is there.
  await turn(tab, 'Renew in a hidden frame')
  await click(tab, 'Renew now')
  await tab.getByText('Renewed in a hidden frame').waitFor()
  expect(await tab.getByTestId('renewal').textContent()).toBe('Nothing to do')
  expect((await timelineOf(tab)).slice(-2)).toEqual([
    'Stored the tokens, sealed',
    'Renewed in a hidden frame',
  ])
  expect(await readAccounts(tab)).toEqual({ scheme: 'Bearer', proof: false })

  fixture.tenant.endSessions()
  await click(tab, 'Renew now')
  const alert = tab.getByRole('alert')
  await alert.getByText('Only you can renew this session').waitFor()
  expect(await alert.textContent()).toContain(
    `The hidden frame came back with a no: ${fixture.tenant.host} wants to see you first. Sign in again`,
  )
  expect(await heading(tab).textContent()).toBe(WELCOME)
  const renewal = tab.getByTestId('renewal')
  expect(await renewal.textContent()).toBe('Only by you: sign in again before it runs out')
  // Without the frame there is another way, of which nobody knows yet.
  await turn(tab, 'Renew in a hidden frame')
  await expect.poll(() => renewal.textContent()).toBe('Nothing to do')
  await tab.getByRole('button', { name: 'Renew now' }).waitFor()
})

test('Tax eFile has tokens that are bound to a key, and goes back to those that are not', async () => {
  const profile = await fixture.newProfile()
  const tab = await fixture.open('/', profile)
  await turn(tab, 'Bind tokens to a key (DPoP)')
  await tab.locator('.site-footer').getByText('taxefile-standard').waitFor()
  await signInToDemo(tab, fixture)
  await tab.getByText('Token bound to a key (DPoP)').waitFor()
  expect((await timelineOf(tab)).slice(-3)).toEqual([
    'Verified the ID token',
    'Stored the tokens, sealed',
    'Token bound to a key (DPoP)',
  ])
  expect(await readAccounts(tab)).toEqual({ scheme: 'DPoP', proof: true })
  // The choice goes with a reload, and with a second tab.
  await click(tab, 'Reload this page')
  await tab.getByText('Still signed in after the reload').waitFor()
  const opened = profile.context.waitForEvent('page')
  await tab.getByRole('link', { name: 'Open a second tab' }).click()
  const second = await opened
  await second.getByText(WELCOME).waitFor()
  expect(await readAccounts(second)).toEqual({ scheme: 'DPoP', proof: true })

  await turn(tab, 'Bind tokens to a key (DPoP)')
  await tab.getByText('Sign in again to see the difference').waitFor()
  await second.getByText('You were signed out in another tab').waitFor()
  await click(tab, 'Sign in again')
  await tab.getByRole('button', { name: 'Allow', exact: true }).click()
  await tab.getByText(WELCOME).waitFor()
  expect(await readAccounts(tab)).toEqual({ scheme: 'Bearer', proof: false })
})

test('Tax eFile pushes its request: the address of the tenant shows a reference to it', async () => {
  const tab = await fixture.open()
  await turn(tab, 'Push the request (PAR)')
  await tab.locator('.site-footer').getByText('taxefile-standard').waitFor()
  await signInToDemo(tab, fixture, { decision: 'deny' })
  await click(tab, 'Sign in again')
  await tab.getByRole('button', { name: 'Allow', exact: true }).click()
  await tab.getByText(WELCOME).waitFor()
  expect(await readAccounts(tab)).toEqual({ scheme: 'Bearer', proof: false })
  await tab.getByRole('link', { name: 'Activity' }).click()
  await tab.getByText('Since you opened this tab').waitFor()
  expect((await timelineOf(tab)).slice(0, 7)).toEqual([
    'Request pushed',
    'Sent to CyberArk Identity',
    'Came back without a code',
    'The sign-in did not succeed',
    'Request pushed',
    'Sent to CyberArk Identity',
    'Came back with a code',
  ])
  const reference = ['client_id', 'request_uri']
  expect(parametersSent()).toEqual([reference, reference])
})

test.for(['popup,frame,dpop,push', 'Popup, silent,dpop,par'])(
  'an address chooses the ways to sign in: ?with=%s',
  async (words) => {
    const tab = await fixture.open(`/?with=${encodeURIComponent(words)}`)
    expect(new URL(tab.url()).search).toBe('')
    expect(await tab.locator('[role=switch]:checked').count()).toBe(4)
    expect(await tab.getByText('There is no way to sign in called').count()).toBe(0)
  },
)

test('an address that chooses while the user is signed in says what it has changed', async () => {
  const profile = await fixture.newProfile()
  const tab = await fixture.open('/', profile)
  await signInToDemo(tab, fixture)
  await tab.getByText(WELCOME).waitFor()
  const second = await fixture.open('/', profile)
  await second.getByText(WELCOME).waitFor()
  // What needs no other tokens leaves the session alone.
  await tab.goto(`${fixture.demo.appUrl}/?with=popup`)
  await tab.getByText('Signed in already in this browser').waitFor()
  expect((await timelineOf(tab)).slice(-2)).toEqual([
    'The address chose the ways to sign in',
    'Signed in already in this browser',
  ])
  expect(await heading(tab).textContent()).toBe(WELCOME)

  await tab.goto(`${fixture.demo.appUrl}/?with=dpop,typo`)
  const notice = tab.locator('.notice')
  await notice.getByText('Sign in again to see the difference').waitFor()
  expect(await notice.locator('p').allTextContents()).toEqual([
    'Sign in again to see the difference',
    'The address has chosen other ways to sign in. The tokens you had are of the other kind, so Tax eFile has deleted them. As long as you are signed in at the tenant, you need no password. There is no way to sign in called “typo”. The address may name these after “with”, separated by commas: popup, frame, dpop, push, silent, par.',
  ])
  await second.getByText('You were signed out in another tab').waitFor()
  await click(tab, 'Sign in again')
  await tab.getByRole('button', { name: 'Allow', exact: true }).click()
  await tab.getByText('Token bound to a key (DPoP)').waitFor()
  expect(await readAccounts(tab)).toEqual({ scheme: 'DPoP', proof: true })

  // A word that names nothing changes nothing.
  await tab.goto(`${fixture.demo.appUrl}/?with=typo`)
  await notice.getByText('There is no way to sign in called “typo”').waitFor()
  expect(await heading(tab).textContent()).toBe(WELCOME)
  expect(await tab.locator('#way-dpop:checked').count()).toBe(1)
})

test('Tax eFile says which words of its address name nothing', async () => {
  const tab = await fixture.open('/?with=popup,poppup')
  const alert = tab.getByRole('alert')
  await alert.getByText('There is no way to sign in called “poppup”').waitFor()
  expect(await alert.textContent()).toContain('popup, frame, dpop, push, silent, par')
  expect(await tab.locator('#way-popup:checked').count()).toBe(1)
})

test('the password page says what is wrong with it, gets a token, and creates a user', async () => {
  const tab = await fixture.open()
  await tab.getByRole('link', { name: 'the password page' }).click()
  expect(await tab.locator('.view-head p').first().textContent()).toBe(
    'OAuth 2.1 leaves this flow out: the app sees your password, there is no second factor and no single sign-on, and a client secret in a browser is known to everybody who looks.',
  )
  expect(await tab.locator('.site-footer').textContent()).toContain('application taxefile-api')
  const form = tab.locator('form').first()
  const alert = tab.getByRole('alert')
  await form.getByLabel('User name').fill('monika.a')
  await form.getByLabel('Password').fill('wrong')
  await click(tab, 'Get a token')
  await alert.getByText('That user name and password do not go together').waitFor()
  await form.getByLabel('Password').fill('Monika-demo-1')
  await click(tab, 'Get a token')
  await tab.getByText('Exchanged a password for a token').waitFor()
  expect(await tab.getByTestId('password-token').textContent()).toMatch(
    /^ManageUsers openid, until \d\d:\d\d$/,
  )
  const create = async () => {
    await tab.getByLabel('Name of the new user').fill('anna.c')
    await tab.getByLabel('Password of the new user').fill('Anna-demo-3')
    await click(tab, 'Create the user')
  }
  await create()
  await tab.getByText('can sign in at the tenant now').waitFor()
  await create()
  await alert.getByText('There is such a user already').waitFor()
  expect(await timelineOf(tab)).toEqual([
    'No token for this password',
    'Exchanged a password for a token',
    'Called the tenant’s API',
    'The tenant’s API said no',
  ])
  await tab.getByRole('link', { name: 'Go to the start page' }).click()
  // The page that is shown takes the focus last, and scrolls there.
  await tab.waitForFunction(() => document.activeElement?.textContent?.startsWith('Your tax'))
  await clickSignIn(tab)
  const user = { username: 'anna.c', password: 'Anna-demo-3' }
  await signInAtTenant(tab, fixture.demo.appUrl, user)
  await tab.getByText('Welcome, anna.c').waitFor()
})
