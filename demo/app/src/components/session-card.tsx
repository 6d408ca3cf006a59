import type { Renewal, SignedInState } from 'tessera-auth'
import { renewSession } from '../actions/renew-session.js'
import { signIn } from '../actions/sign-in.js'
import { signOutHere } from '../actions/sign-out.js'
import { formatClock, formatRemaining } from '../format.js'
import { nameUser } from '../name-user.js'
import { usePage } from '../page-context.js'
import { useNow } from '../use-now.js'
import { useStore } from '../use-store.js'
import { formatAddress } from '../ways/keep-ways.js'
import { Button } from './button.js'

const RENEWAL_WORDS: Readonly<Record<Renewal, string>> = {
  idle: 'Nothing to do',
  renewing: 'Under way',
  retrying: 'Did not get through, tries again by itself',
  expiring: 'Only by you: sign in again before it runs out',
  expired: 'It has run out: only you can renew it',
}

/** Who is signed in, for how long, and what can be done about it. */
export function SessionCard({ state }: { readonly state: SignedInState }) {
  const page = usePage()
  const busy = useStore(page.renewing, false)
  const onlyByUser = useStore(page.onlyByUser, page.onlyByUser.get())
  const ways = useStore(page.ways, page.ways.get())
  const renewal = onlyByUser && state.renewal === 'idle' ? 'expiring' : state.renewal
  const needsUser = renewal === 'expiring' || renewal === 'expired'
  return (
    <section class="card" aria-labelledby="session-title">
      <h2 id="session-title">Your session</h2>
      <dl class="facts">
        <dt>Signed in as</dt>
        <dd>{nameUser(state.user) ?? 'Nobody in particular: only permissions were asked for'}</dd>
        <dt>At</dt>
        <dd>{page.place.tenant}</dd>
        <SessionTime state={state} renewal={busy ? 'renewing' : renewal} />
      </dl>
      <div class="session-actions">
        {needsUser ? (
          <Button look="main" onClick={() => void signIn(page)}>
            Renew by signing in
          </Button>
        ) : (
          <Button busy={busy} onClick={() => void renewSession(page)}>
            Renew now
          </Button>
        )}
        <Button onClick={() => location.reload()}>Reload this page</Button>
        <a class="button button-plain" href={formatAddress(ways)} target="_blank" rel="noopener">
          Open a second tab
        </a>
        <Button onClick={() => void signOutHere(page)}>Sign out here only</Button>
      </div>
    </section>
  )
}

interface SessionTimeProps {
  readonly state: SignedInState
  /** As far as this page knows, which may be more than the state says. */
  readonly renewal: Renewal
}

function SessionTime({ state, renewal }: SessionTimeProps) {
  const { expiresAt, user } = state
  const now = useNow(expiresAt)
  const isOver = expiresAt !== null && expiresAt <= now && renewal === 'idle'
  const since = user?.auth_time
  return (
    <>
      {typeof since === 'number' && (
        <>
          <dt>Since</dt>
          <dd>{formatClock(since * 1000)}</dd>
        </>
      )}
      <dt>Time left</dt>
      <dd data-testid="time-left">{describeTimeLeft(expiresAt, now)}</dd>
      <dt>Renewal</dt>
      <dd data-testid="renewal">{isOver ? 'With your next click' : RENEWAL_WORDS[renewal]}</dd>
    </>
  )
}

function describeTimeLeft(expiresAt: number | null, now: number): string {
  if (expiresAt === null) return 'The tenant did not say'
  if (expiresAt <= now) return `None, it ran out at ${formatClock(expiresAt)}`
  return `${formatRemaining(expiresAt - now)}, until ${formatClock(expiresAt)}`
}
