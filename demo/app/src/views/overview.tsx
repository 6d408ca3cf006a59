import type { SignedInState } from 'tessera-auth'
import { PaymentBox } from '../components/payment-box.js'
import { PermissionsCard } from '../components/permissions-card.js'
import { ReadAccountsButton } from '../components/read-accounts-button.js'
import { ReturnFigures } from '../components/return-figures.js'
import { SessionCard } from '../components/session-card.js'
import { TimelineCard } from '../components/timeline-card.js'
import { ViewLink } from '../components/view-link.js'
import { WaysCard } from '../components/ways-card.js'
import { nameUser } from '../name-user.js'
import { usePage } from '../page-context.js'
import { TAX_RETURN } from '../tax-return.js'
import { useStore } from '../use-store.js'

/** The tax return and the session. */
export function Overview({ state }: { readonly state: SignedInState }) {
  const page = usePage()
  const accounts = useStore(page.accounts, page.accounts.get())
  const payment = useStore(page.payment, page.payment.get())
  const name = nameUser(state.user)
  return (
    <div class="container view">
      <div class="view-head">
        <h1 tabIndex={-1}>{name ? `Welcome, ${name}` : 'Welcome'}</h1>
        <p class="soft">
          {payment.status === 'paid'
            ? `Your ${TAX_RETURN.year} return is complete. Thank you.`
            : `Your ${TAX_RETURN.year} return is complete once the tax is paid.`}
        </p>
      </div>
      <div class="columns">
        <div class="column">
          <section class="card" aria-labelledby="return-title">
            <h2 id="return-title">Income tax {TAX_RETURN.year}</h2>
            <ReturnFigures
              bankAsked={accounts.status !== 'unread'}
              paid={payment.status === 'paid'}
            />
            <h3>Bank accounts</h3>
            <AccountsLine />
            <h3>Payment</h3>
            <PaymentBox />
          </section>
          <PermissionsCard scope={state.scope} />
        </div>
        <div class="column">
          <SessionCard state={state} />
          <TimelineCard />
        </div>
      </div>
      <WaysCard signedIn />
    </div>
  )
}

function AccountsLine() {
  const { accounts } = usePage()
  const state = useStore(accounts, accounts.get())
  const known = state.status === 'unread' ? null : state.accounts
  return (
    <div class="line">
      <p>
        {known ? (
          <>
            {known.length} accounts read from your bank. <ViewLink to="accounts">See them</ViewLink>
          </>
        ) : (
          'Not read yet. You have allowed Tax eFile to read them.'
        )}
      </p>
      <ReadAccountsButton />
    </div>
  )
}
