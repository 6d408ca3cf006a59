import type { Page } from '../browsers/page.ts'
import { type DemoFixture, heading } from './demo-fixture.ts'

/** Looks at a page that was come to. */
export type Check = (place: string) => Promise<void>

/** Visits each page of the app and of the tenant, in each state that looks different. */
export async function visitEverything(
  tab: Page,
  { demo }: DemoFixture,
  check: Check,
): Promise<void> {
  const { appUrl, tenantUrl } = demo
  const button = (name: string | RegExp) => tab.getByRole('button', { name, exact: true })
  await tab.goto(appUrl)
  await button('Sign in with CyberArk Identity').waitFor()
  await check('landing')
  await tab.goto(`${appUrl}/?with=popup,frame,dpop,push`)
  await tab.getByText('taxefile-standard').first().waitFor()
  await check('landing, all switches on')
  await tab.goto(`${appUrl}/?with=`)
  await tab.getByRole('link', { name: 'the password page' }).click()
  await button('Get a token').waitFor()
  await check('password')
  const first = tab.locator('form').first()
  await first.getByLabel('User name').fill('monika.a')
  await first.getByLabel('Password').fill('wrong')
  await button('Get a token').click()
  await tab.getByRole('alert').waitFor()
  await check('password, wrong')
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
