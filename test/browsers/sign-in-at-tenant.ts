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

const PASSWORDS: Readonly<Record<string, string>> = {
  'monika.a': 'Monika-demo-1',
  'peter.b': 'Peter-demo-2',
}

/** The same with what is used for what is left out. */
export function completeAtTenant({
  username = 'monika.a',
  password = PASSWORDS[username] ?? '',
  decision = 'allow',
}: AtTenant): Required<AtTenant> {
  return { username, password, decision }
}

/** Signs in on the tenant's own pages, consents if asked to, and is then back at `origin`. */
export async function signInAtTenant(
  page: Page,
  origin: string,
  atTenant: AtTenant = {},
): Promise<void> {
  const { username, password, decision } = completeAtTenant(atTenant)
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
