import type { Account, Receipt } from '../bank/account.js'
import { askBank } from '../bank/ask-bank.js'
import type { Page } from '../page.js'
import { paidNote } from '../paid-note.js'
import { MAKE_PAYMENTS } from '../scopes.js'
import { PAYMENT_REFERENCE, TAX_DUE, TAX_OFFICE } from '../tax-return.js'
import { findPayment } from './find-payment.js'
import { readPendingPayment } from './pending-payment.js'
import { readAccounts } from './read-accounts.js'
import { signIn } from './sign-in.js'

/** Pays the tax from this account, or from the first that has enough. */
export async function payTax(page: Page, from: string | null): Promise<void> {
  const { payment, announcement } = page
  if (payment.get().status === 'paying' || payment.get().status === 'paid') return
  payment.set({ status: 'paying' })
  // It may have been paid in another tab, or by another browser.
  const asked = await findPayment(page, () => void payTax(page, from))
  if (asked === 'failed') return payment.set({ status: 'due' })
  if (isPaid(page)) return
  const payer = await findPayer(page, from)
  if (!payer) return payment.set({ status: 'due' })
  const outcome = await askBank<Receipt>(page, {
    method: 'POST',
    path: 'transfers',
    body: {
      from: payer.id,
      to: TAX_OFFICE,
      amount: TAX_DUE.toFixed(2),
      reference: PAYMENT_REFERENCE,
    },
    retry: () => void payTax(page, from),
  })
  if (outcome.kind === 'done') {
    payment.set({ status: 'paid', receipt: outcome.body, from: payer.name })
    paidNote.write(true)
    announcement.set('Tax paid')
    await readAccounts(page)
  } else if (outcome.kind === 'forbidden') {
    const request = outcome.request ?? { scope: [MAKE_PAYMENTS] }
    payment.set({ status: 'refused', request, from: payer.id })
  } else {
    payment.set({ status: 'due' })
  }
}

/** Gets at the tenant what the bank asks for; the payment goes on when the user is back. */
export async function allowPayment(page: Page): Promise<void> {
  const payment = page.payment.get()
  if (payment.status !== 'refused' && payment.status !== 'denied') return
  const { request, from } = payment
  const appState = { request, from }
  if (await signIn(page, { ...request, appState })) await resumePayment(page, appState)
}

/** Goes on with the payment that had to wait. */
export async function resumePayment(page: Page, appState: unknown): Promise<void> {
  const pending = readPendingPayment(appState)
  if (pending) await payTax(page, pending.from)
}

function isPaid({ payment }: Page): boolean {
  return payment.get().status === 'paid'
}

async function findPayer(page: Page, from: string | null): Promise<Account | undefined> {
  if (page.accounts.get().status === 'unread') await readAccounts(page)
  const state = page.accounts.get()
  const known = state.status === 'unread' ? null : state.accounts
  return known?.find(({ id, balance }) => (from ? id === from : Number(balance) >= TAX_DUE))
}
