import { AccountsTable } from '../components/accounts-table.js'
import { PaymentBox } from '../components/payment-box.js'
import { ReadAccountsButton } from '../components/read-accounts-button.js'
import { usePage } from '../page-context.js'
import { useStore } from '../use-store.js'

/** The accounts, and the payment from one of them. */
export function Accounts() {
  const { accounts } = usePage()
  const state = useStore(accounts, accounts.get())
  const known = state.status === 'unread' ? null : state.accounts
  return (
    <div class="container view">
      <div class="view-head">
        <h1 tabIndex={-1}>Bank accounts</h1>
        <p class="soft">
          Read from your bank with the permission you gave, and kept on this page only.
        </p>
      </div>
      <section class="card" aria-labelledby="accounts-title">
        <div class="card-head">
          <h2 id="accounts-title">Your accounts</h2>
          <ReadAccountsButton />
        </div>
        {known ? (
          <AccountsTable accounts={known} />
        ) : (
          <p class="empty">Nothing here until you have them read.</p>
        )}
      </section>
      <section class="card" aria-labelledby="payment-title">
        <h2 id="payment-title">Pay the tax</h2>
        <PaymentBox />
      </section>
    </div>
  )
}
