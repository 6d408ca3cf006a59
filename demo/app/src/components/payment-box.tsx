import { useEffect, useRef, useState } from 'preact/hooks'
import { allowPayment, payTax } from '../actions/pay-tax.js'
import { formatDate, formatMoney } from '../format.js'
import { usePage } from '../page-context.js'
import { findDueDate, PAYMENT_REFERENCE, TAX_DUE } from '../tax-return.js'
import { useStore } from '../use-store.js'
import { Button } from './button.js'
import { Icon } from './icon.js'

const AMOUNT = formatMoney(TAX_DUE, 'EUR')

/** The bill, and what became of it. */
export function PaymentBox() {
  const page = usePage()
  const payment = useStore(page.payment, page.payment.get())
  const box = useRef<HTMLDivElement>(null)
  const { status } = payment
  useEffect(() => {
    // What is at the top of the page is to be seen then.
    if (status === 'due' || status === 'denied') return
    // The button that was clicked may be gone: stay here instead of at the top of the page.
    if (document.activeElement === document.body) box.current?.focus()
  }, [status])
  return (
    <div class="payment" ref={box} tabIndex={-1}>
      {payment.status === 'paid' ? (
        <p class="payment-done">
          <Icon name="ok" />
          <span>
            <strong>Paid {AMOUNT}</strong>
            {payment.from && ` from ${payment.from}`}. Receipt <code>{payment.receipt.id}</code>.
          </span>
        </p>
      ) : payment.status === 'refused' ? (
        <Refusal scope={payment.request.scope ?? []} />
      ) : (
        <Bill busy={payment.status === 'paying'} />
      )}
    </div>
  )
}

function Bill({ busy }: { readonly busy: boolean }) {
  const page = usePage()
  const state = useStore(page.accounts, page.accounts.get())
  const [from, setFrom] = useState<string | null>(null)
  const accounts = state.status === 'unread' ? null : state.accounts
  const payer = from ?? accounts?.find(({ balance }) => Number(balance) >= TAX_DUE)?.id ?? null
  return (
    <>
      <p>
        <strong>{AMOUNT}</strong> to pay by {formatDate(findDueDate(Date.now()))}, for{' '}
        {PAYMENT_REFERENCE.toLowerCase()}.
      </p>
      <div class="actions">
        {accounts && (
          <label class="field">
            <span>From</span>
            <select
              value={payer ?? accounts[0]?.id}
              onChange={(event) => setFrom(event.currentTarget.value)}
            >
              {accounts.map(({ id, name }) => (
                <option key={id} value={id}>
                  {name}
                </option>
              ))}
            </select>
          </label>
        )}
        <Button busy={busy} onClick={() => void payTax(page, payer)}>
          Pay {AMOUNT}
        </Button>
      </div>
    </>
  )
}

function Refusal({ scope }: { readonly scope: readonly string[] }) {
  const page = usePage()
  const asksScope = scope.length > 0
  return (
    <div class="refusal" role="alert">
      <p class="notice-title">
        {asksScope ? 'The bank needs your permission first' : 'The bank wants to be sure it is you'}
      </p>
      {asksScope ? (
        <p>
          You have not allowed Tax eFile to make payments (<code>{scope.join(' ')}</code>), so the
          bank said no and nothing was paid. If you allow it, CyberArk Identity asks you to confirm,
          and the payment goes on when you are back.
        </p>
      ) : (
        <p>Nothing was paid yet. Sign in once more, and the payment goes on when you are back.</p>
      )}
      <div class="actions">
        <Button look="main" onClick={() => void allowPayment(page)}>
          {asksScope ? 'Allow payments' : 'Sign in again'}
        </Button>
        <Button onClick={() => page.payment.set({ status: 'due' })}>Not now</Button>
      </div>
    </div>
  )
}
