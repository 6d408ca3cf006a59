import type { AuthState } from 'tessera-auth'
import { signOut } from '../actions/sign-out.js'
import { nameUser } from '../name-user.js'
import { usePage } from '../page-context.js'
import type { View } from '../router.js'
import { Button } from './button.js'
import { Logo } from './logo.js'
import { ViewLink } from './view-link.js'

const VIEWS = [
  ['overview', 'Overview'],
  ['accounts', 'Bank accounts'],
  ['activity', 'Activity'],
] as const

/** The top of each page: where one is, who one is, the way out. */
export function SiteHeader({ state, view }: { readonly state: AuthState; readonly view: View }) {
  const page = usePage()
  const signedIn = state.status === 'signed-in'
  const name = signedIn ? nameUser(state.user) : null
  return (
    <header class="site-header">
      <div class="container site-header-row">
        <ViewLink to="overview" class="brand">
          <Logo />
          <span>Tax eFile</span>
        </ViewLink>
        {signedIn && (
          <nav class="site-nav" aria-label="Main">
            {VIEWS.map(([to, label]) => (
              <ViewLink key={to} to={to} current={view === to}>
                {label}
              </ViewLink>
            ))}
          </nav>
        )}
        {signedIn && (
          <div class="site-user">
            {name && <span class="site-user-name">{name}</span>}
            <Button onClick={() => void signOut(page)}>Sign out</Button>
          </div>
        )}
      </div>
    </header>
  )
}
