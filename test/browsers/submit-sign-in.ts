import type { Page } from './page.ts'
import { type AtTenant, completeAtTenant } from './sign-in-at-tenant.ts'

/**
 * As `signInAtTenant`, for tests that are about something else: the same forms of the same pages, sent
 * by a script, because typing and clicking by a driver takes a second and more in Firefox.
 */
export async function submitSignIn(
  page: Page,
  origin: string,
  atTenant: AtTenant = {},
): Promise<void> {
  const { username, password, decision } = completeAtTenant(atTenant)
  await submit(page, '/login', 'button[type=submit]', { username, password })
  let next: URL | undefined
  await page.waitForURL((url) => {
    next = url
    return url.origin === origin || url.pathname === '/consent'
  })
  if (next?.origin === origin) return
  await submit(page, '/consent', `button[name=decision][value=${decision}]`, {})
  await page.waitForURL((url) => url.origin === origin)
}

async function submit(
  page: Page,
  path: string,
  button: string,
  fields: Readonly<Record<string, string>>,
): Promise<void> {
  await page.waitForURL((url) => url.pathname === path)
  await page.evaluate(
    ({ button, fields }) => {
      for (const [id, value] of Object.entries(fields)) {
        ;(document.getElementById(id) as HTMLInputElement).value = value
      }
      // Afterwards, because the page leaves, and this call has to be answered.
      setTimeout(() => document.querySelector<HTMLButtonElement>(button)?.click())
    },
    { button, fields },
  )
}
