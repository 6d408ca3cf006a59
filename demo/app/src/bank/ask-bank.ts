import { AuthError, type SignInRequest } from 'tessera-auth'
import { nameHost } from '../config.js'
import { describeThrown, nameThrown, noticeFrom } from '../notice.js'
import type { Page } from '../page.js'
import { explainAnswer, explainNoAnswer } from './explain-answer.js'

/** A call of the bank's API. */
export interface BankCall {
  readonly method: 'GET' | 'POST'
  /** Below the address of the API. */
  readonly path: string
  readonly body?: object
  /** Makes the call again, when the user asks for it. */
  readonly retry: () => void
}

/** What came of a call. A failure is on the page already. */
export type Outcome<T> =
  | { readonly kind: 'done'; readonly body: T }
  /** The bank wants more; `request` is what to sign in with, where that is known. */
  | { readonly kind: 'forbidden'; readonly request: SignInRequest | null; readonly detail: string }
  | { readonly kind: 'failed' }

/** Calls the bank, writes down how it went, and says on the page what failed. */
export async function askBank<T>(page: Page, call: BankCall): Promise<Outcome<T>> {
  const { method, path, body } = call
  const url = new URL(path, page.config.bankApi)
  const name = `${method} ${url.pathname}`
  const started = performance.now()
  page.notice.set(null)
  try {
    const response = await page.auth.fetch(url, {
      method,
      ...(body && {
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(body),
      }),
    })
    const summary = `${name} · ${response.status} · ${Math.round(performance.now() - started)} ms`
    return response.ok
      ? await readSuccess<T>(page, response, summary)
      : await readRefusal(page, response, summary, call)
  } catch (thrown) {
    return readFailure(page, thrown, name, call)
  }
}

async function readSuccess<T>(page: Page, response: Response, detail: string): Promise<Outcome<T>> {
  const body = (await response.json()) as T
  page.timeline.add({ kind: 'call', tone: 'good', title: 'Called the bank’s API', detail })
  return { kind: 'done', body }
}

async function readRefusal(
  page: Page,
  response: Response,
  summary: string,
  { retry }: BankCall,
): Promise<Outcome<never>> {
  const { status } = response
  const reason = await readReason(response)
  const title = 'The bank’s API said no'
  page.timeline.add({ kind: 'call', tone: 'bad', title, detail: summary })
  const challenge = response.headers.get('www-authenticate')
  const detail = [summary, reason, challenge].filter(Boolean).join(' · ')
  if (status === 403) return { kind: 'forbidden', request: null, detail }
  page.notice.set({ tone: 'bad', ...explainAnswer(status, reason), detail, retry })
  return { kind: 'failed' }
}

function readFailure(
  page: Page,
  thrown: unknown,
  name: string,
  { retry }: BankCall,
): Outcome<never> {
  const detail = describeThrown(thrown)
  if (thrown instanceof AuthError && thrown.code === 'step_up_required') {
    const title = 'The bank’s API asked for more'
    const summary = [name, thrown.status, thrown.code].filter(Boolean).join(' · ')
    page.timeline.add({ kind: 'call', tone: 'bad', title, detail: summary })
    return { kind: 'forbidden', request: thrown.request ?? null, detail }
  }
  const silence = explainNoAnswer(thrown, nameHost(page.config.bankApi))
  const title = silence ? 'The bank’s API did not answer' : 'The bank’s API was not called'
  const why = silence ? name : `${name} · ${nameThrown(thrown)}`
  page.timeline.add({ kind: 'call', tone: 'bad', title, detail: why })
  page.notice.set(
    silence ? { tone: 'bad', ...silence, detail, retry } : noticeFrom(thrown, page.place, retry),
  )
  return { kind: 'failed' }
}

/** What the bank says about its refusal, in its own words (RFC 9457). */
async function readReason(response: Response): Promise<string | undefined> {
  try {
    const { detail } = (await response.json()) as { detail?: unknown }
    return typeof detail === 'string' ? detail : undefined
  } catch {
    return undefined
  }
}
