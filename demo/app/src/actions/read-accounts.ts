import type { Account } from '../bank/account.js'
import { askBank } from '../bank/ask-bank.js'
import { explainAnswer } from '../bank/explain-answer.js'
import type { Page } from '../page.js'

/** Reads the user's accounts at the bank. */
export async function readAccounts(page: Page): Promise<void> {
  const { accounts, announcement, notice } = page
  const before = accounts.get()
  if (before.status === 'reading') return
  const known = before.status === 'read' ? before.accounts : null
  accounts.set({ status: 'reading', accounts: known })
  const outcome = await askBank<{ accounts: readonly Account[] }>(page, {
    method: 'GET',
    path: 'accounts',
    retry: () => void readAccounts(page),
  })
  if (outcome.kind === 'done') {
    accounts.set({ status: 'read', accounts: outcome.body.accounts })
    announcement.set(`${outcome.body.accounts.length} accounts read`)
    return
  }
  accounts.set(known ? { status: 'read', accounts: known } : { status: 'unread' })
  if (outcome.kind === 'forbidden') {
    const { detail, request } = outcome
    notice.set({ tone: 'bad', ...explainAnswer(403), detail, ...(request && { request }) })
  }
}
