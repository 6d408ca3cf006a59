import type { AuthState } from 'tessera-auth'
import { signIn } from '../actions/sign-in.js'
import { Button } from '../components/button.js'
import { Mosaic } from '../components/mosaic.js'
import { ReturnFigures } from '../components/return-figures.js'
import { TimelineCard } from '../components/timeline-card.js'
import { WaysCard } from '../components/ways-card.js'
import { usePage } from '../page-context.js'
import type { View } from '../router.js'
import { TAX_RETURN } from '../tax-return.js'
import { useStore } from '../use-store.js'

const STEPS = [
  [
    'You sign in at your bank',
    'We send you to CyberArk Identity, which signs you in for your bank. Your password stays there; we never see it.',
  ],
  [
    'You choose what we may do',
    'Each permission is asked for in plain words. Reading accounts and making payments are two different things.',
  ],
  [
    'You leave when you like',
    'Signing out ends it in every tab, here and at your bank. We keep no copy of your accounts.',
  ],
] as const

const PROMISE = 'Your bank asks for your consent there. We never see your password.'

/** The page of those who are not signed in. */
export function Landing({ state, view }: { readonly state: AuthState; readonly view: View }) {
  const page = usePage()
  const leaving = state.status === 'signing-in'
  const { popup } = useStore(page.ways, page.ways.get())
  const events = useStore(page.timeline.events, page.timeline.events.get())
  return (
    <>
      <section class="hero">
        <Mosaic />
        <div class="container hero-row">
          <div class="hero-words">
            <h1 tabIndex={-1}>Your tax return, filled in by your bank.</h1>
            <p class="hero-lead">
              {view === 'accounts' && <strong>Sign in to see your bank accounts. </strong>}
              Tax eFile reads the interest your bank has paid you, puts it into your return and pays
              what is due. Only if you say so.
            </p>
            <Button look="bright" busy={leaving && !popup} onClick={() => void signIn(page)}>
              Sign in with CyberArk Identity
            </Button>
            <p class="hero-note" aria-live="polite">
              {leaving ? describeWay(popup, page.place.tenant) : PROMISE}
            </p>
          </div>
          <div class="hero-card card">
            <h2>
              Income tax {TAX_RETURN.year} <span class="tag">Example</span>
            </h2>
            <ReturnFigures bankAsked example />
          </div>
        </div>
      </section>
      <section class="container steps-section" aria-labelledby="steps-title">
        <h2 id="steps-title">How it works</h2>
        <ol class="steps">
          {STEPS.map(([title, text]) => (
            <li key={title}>
              <h3>{title}</h3>
              <p>{text}</p>
            </li>
          ))}
        </ol>
      </section>
      <div class="container landing-cards">
        <WaysCard signedIn={false} />
        {events.length > 0 && <TimelineCard />}
      </div>
    </>
  )
}

function describeWay(popup: boolean, tenant: string): string {
  return popup
    ? 'Go on in the window that has opened. If it is lost, click again.'
    : `Taking you to ${tenant}…`
}
