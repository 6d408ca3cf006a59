import { useEffect, useState } from 'preact/hooks'
import { CreateUserCard } from '../components/create-user-card.js'
import { PasswordCard } from '../components/password-card.js'
import { TimelineCard } from '../components/timeline-card.js'
import { ViewLink } from '../components/view-link.js'
import type { PasswordApplication } from '../config.js'
import { usePage } from '../page-context.js'
import { createPasswordClient } from '../password/create-password-client.js'
import { useStore } from '../use-store.js'

/** The resource owner flow of the vendor's guide, and why not to use it. */
export function Password() {
  const { password } = usePage().config
  return (
    <div class="container view">
      <div class="view-head">
        <h1 tabIndex={-1}>Sign in with a password</h1>
        <p>
          <strong>OAuth 2.1 leaves this flow out:</strong> the app sees your password, there is no
          second factor and no single sign-on, and a client secret in a browser is known to
          everybody who looks.
        </p>
        <p class="soft">
          It is here because the vendor’s guide has it. To move on, call <code>auth.signIn()</code>{' '}
          where you call <code>signInWithPassword()</code> of <code>tessera-auth/password</code>:
          the rest of the app stays as it is.{' '}
          <ViewLink to="overview">Go to the start page</ViewLink>
        </p>
      </div>
      {password ? (
        <PasswordFlow application={password} />
      ) : (
        <p class="empty">
          This page needs an OAuth2 Client application that takes passwords. The demo tenant has
          one: start the demo without a real tenant.
        </p>
      )}
    </div>
  )
}

function PasswordFlow({ application }: { readonly application: PasswordApplication }) {
  const { tenant } = usePage().config
  const [auth] = useState(() => createPasswordClient(tenant, application))
  useEffect(() => auth.close, [auth])
  const state = useStore(auth, auth.state)
  return (
    <>
      <div class="columns">
        <div class="column">
          <PasswordCard auth={auth} application={application} state={state} />
        </div>
        <div class="column">
          <CreateUserCard auth={auth} signedIn={state.status === 'signed-in'} />
        </div>
      </div>
      <TimelineCard />
    </>
  )
}
