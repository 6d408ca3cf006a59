import type { AuthState } from 'tessera-auth'
import { signIn } from '../actions/sign-in.js'
import { Button } from '../components/button.js'
import { Mosaic } from '../components/mosaic.js'
import { ReturnFigures } from '../components/return-figures.js'
import { TimelineCard } from '../components/timeline-card.js'
import { usePage } from '../page-context.js'
import type { View } from '../router.js'
import { TAX_RETURN } from '../tax-return.js'
import { useStore } from '../use-store.js'

const STEPS = [
  [
    'You sign in at your bank',
    'We send you to CyberArk Identity, where your bank keeps the door. Your password stays there; we never see it.',
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

/** The page of those who are not signed in. */
export function Landing({ state, view }: { readonly state: AuthState; readonly view: View }) {
  const page = usePage()
  const leaving = state.status === 'signing-in'
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
            <Button look="bright" busy={leaving} onClick={() => void signIn(page)}>
              Sign in with CyberArk Identity
            </Button>
            <p class="hero-note" aria-live="polite">
              {leaving
                ? `Taking you to ${page.place.tenant}…`
                : 'Your bank asks for your consent there. We never see your password.'}
            </p>
          </div>
          <div class="hero-card card">
            <h2>
              Income tax {TAX_RETURN.year} <span class="tag">Example</span>
            </h2>
            <ReturnFigures bankAsked />
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
      {events.length > 0 && (
        <div class="container">
          <TimelineCard />
        </div>
      )}
    </>
  )
}
