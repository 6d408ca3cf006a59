import type { Receipt } from '../bank/account.js'
import { askBank, type Outcome } from '../bank/ask-bank.js'
import type { Page } from '../page.js'
import { paidNote } from '../paid-note.js'
import { PAYMENT_REFERENCE, TAX_OFFICE } from '../tax-return.js'

/** Asks the bank whether the tax is paid already, and shows the receipt if so. */
export async function findPayment(
  page: Page,
  retry: () => void,
): Promise<Outcome<unknown>['kind']> {
  const outcome = await askBank<{ transfers: readonly Receipt[] }>(page, {
    method: 'GET',
    path: 'transfers',
    retry,
  })
  if (outcome.kind !== 'done') return outcome.kind
  const receipt = outcome.body.transfers.find(
    ({ to, reference }) => to === TAX_OFFICE && reference === PAYMENT_REFERENCE,
  )
  paidNote.write(receipt !== undefined)
  if (receipt) showReceipt(page, receipt)
  return 'done'
}

/** Shows the receipt of a payment from before, where this browser made one. */
export async function recallPayment(page: Page): Promise<void> {
  const { auth, payment } = page
  const isOpen = auth.state.status === 'signed-in' && payment.get().status === 'due'
  if (isOpen && paidNote.read()) await findPayment(page, () => void recallPayment(page))
}

function showReceipt({ accounts, payment }: Page, receipt: Receipt): void {
  const state = accounts.get()
  const known = state.status === 'unread' ? null : state.accounts
  const payer = known?.find(({ id }) => id === receipt.from)
  payment.set({ status: 'paid', receipt, from: payer?.name ?? null })
}
