import type { Auth } from 'tessera-auth'
import type { Page } from '../browsers/page.ts'

/** What a renewal came to that a sign-out came across. */
export interface Midway {
  /** How often it wrote or read what is stored, until it was over. */
  readonly commits: number
  /** `given`, or the code of its error. */
  readonly outcome: string
  /** The states from the sign-out on. */
  readonly seen: readonly string[]
  /** What asking for a token comes to afterwards. */
  readonly after: string
}

/** Forces a renewal, and signs out here the moment that its n-th transaction on the store commits. */
export function renewAndSignOut(tab: Page, at: number): Promise<Midway> {
  return tab.evaluate(async (turn) => {
    const { auth } = globalThis as never as { auth: Auth }
    const codeOf = (asked: Promise<string>) => asked.then(() => 'given').catch(({ code }) => code)
    const seen: string[] = []
    let commits = 0
    let leaving: Promise<unknown> | undefined
    const { getAll } = IDBObjectStore.prototype
    IDBObjectStore.prototype.getAll = function () {
      this.transaction.addEventListener('complete', () => {
        if (++commits !== turn) return
        leaving = auth.signOut({ local: true })
        auth.subscribe(({ status }) => seen.push(status))
      })
      return getAll.call(this)
    }
    const outcome = await codeOf(auth.getAccessToken({ forceRenewal: true }))
    const counted = commits
    await leaving
    IDBObjectStore.prototype.getAll = getAll
    return { commits: counted, outcome, seen, after: await codeOf(auth.getAccessToken()) }
  }, at)
}
