import type { Page } from './page.ts'

/** What the user does at the demo tenant. */
export interface AtTenant {
  /** Default `monika.a`. */
  readonly username?: string
  /** Default: that of the demo's user, which the sign-in page tells. */
  readonly password?: string
  /** What to answer if the tenant asks for consent. Default `allow`. */
  readonly decision?: 'allow' | 'deny'
}

/** Of the users of the demo. */
export const PASSWORDS: Readonly<Record<string, string>> = {
  'monika.a': 'Monika-demo-1',
  'peter.b': 'Peter-demo-2',
}

/** Signs in on the tenant's own pages, consents if asked to, and is then back at `origin`. */
export async function signInAtTenant(
  page: Page,
  origin: string,
  {
    username = 'monika.a',
    password = PASSWORDS[username] ?? '',
    decision = 'allow',
  }: AtTenant = {},
): Promise<void> {
  await page.fill('#username', username)
  await page.fill('#password', password)
  await page.click('button[type=submit]')
  const consent = page.locator(`button[name=decision][value=${decision}]`)
  const back = () => page.waitForURL((url) => url.origin === origin)
  const next = await Promise.race([
    back().then(() => 'back' as const),
    consent.waitFor().then(() => 'consent' as const),
  ])
  if (next === 'back') return
  await consent.click()
  await back()
}
