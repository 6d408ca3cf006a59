import { type Auth, AuthError } from 'tessera-auth'
import { describeThrown, noticeFrom } from '../notice.js'
import type { Page } from '../page.js'
import { directoryOf } from './create-password-client.js'

/** Who is to be created. */
export interface NewUser {
  readonly name: string
  readonly password: string
}

/**
 * Creates a user by the tenant's own API, with the token of a password.
 *
 * @returns the tenant's id of the user, or `null` when that failed, which is on the page then
 */
export async function createUser(page: Page, auth: Auth, user: NewUser): Promise<string | null> {
  const { timeline, notice, place, config } = page
  const url = new URL('createuser', directoryOf(config.tenant))
  const call = `POST ${url.pathname}`
  notice.set(null)
  try {
    const response = await auth.fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ Name: user.name, Password: user.password }),
    })
    const { Result, Message } = (await response.json()) as Record<string, unknown>
    const detail = `${call} · ${response.status}`
    if (response.ok) {
      timeline.add({ kind: 'call', tone: 'good', title: 'Called the tenant’s API', detail })
      return String(Result)
    }
    timeline.add({ kind: 'call', tone: 'bad', title: 'The tenant’s API said no', detail })
    notice.set({
      tone: 'bad',
      ...explainRefusal(response.status, user.name),
      detail: `${detail} · ${Message}`,
    })
  } catch (thrown) {
    const title = 'The tenant’s API was not called'
    timeline.add({ kind: 'call', tone: 'bad', title, detail: call })
    const detail = describeThrown(thrown)
    notice.set(
      thrown instanceof AuthError
        ? { ...noticeFrom(thrown, place), remedy: 'none' }
        : { tone: 'bad', ...explainSilence(place.tenant), detail },
    )
  }
  return null
}

function explainSilence(tenant: string) {
  return {
    title: 'The tenant does not answer',
    text: `We could not reach ${tenant}. Check that you are online and that the tenant is running, then try again.`,
    remedy: 'none',
  } as const
}

function explainRefusal(status: number, name: string) {
  if (status === 409) {
    return {
      title: 'There is such a user already',
      text: `The tenant knows somebody as ${name}. Choose another name.`,
      remedy: 'none',
    } as const
  }
  return {
    title: 'The tenant did not create the user',
    text:
      status === 401 || status === 403
        ? 'Its API does not accept the token. Sign in with the password again.'
        : 'The technical details say what it did not like.',
    remedy: 'none',
  } as const
}
