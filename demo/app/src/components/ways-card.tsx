import { changeWays } from '../actions/change-ways.js'
import { usePage } from '../page-context.js'
import { useStore } from '../use-store.js'
import type { Ways } from '../ways/ways.js'
import { Switch } from './switch.js'
import { ViewLink } from './view-link.js'

/** How Tax eFile signs in and renews: a switch for each import of `tessera-auth`. */
export function WaysCard({ signedIn }: { readonly signedIn: boolean }) {
  const page = usePage()
  const { standard } = page.config
  return (
    <section class="card" aria-labelledby="ways-title">
      <h2 id="ways-title">Ways to sign in</h2>
      <p class="soft">
        Each switch is an import of its own. {signedIn ? 'Choose one' : 'Choose one and sign in'}:
        “What just happened” then lists what it changes. The choice takes effect at once and stays
        in this tab.
      </p>
      <div class="ways">
        <fieldset class="way-group">
          <legend>Anywhere</legend>
          <Way name="popup" title="Sign in in a popup" entry="popup">
            The tenant opens in a window, and this page stays as it is.
          </Way>
          <Way name="frame" title="Renew in a hidden frame" entry="silent">
            “Renew now” asks the tenant without you, for as long as you are signed in there.
          </Way>
        </fieldset>
        <fieldset class="way-group" aria-describedby="ways-standard">
          <legend>Not known of CyberArk</legend>
          <p id="ways-standard" class="way-note">
            {standard ? (
              <>
                No CyberArk tenant is known to offer these two. The demo tenant has an application
                of its own for them, <code>{standard.application}</code>.{' '}
                {signedIn && 'A change means signing in again.'}
              </>
            ) : (
              'No CyberArk tenant is known to offer these two, so they stay off here. With the demo tenant they can be tried.'
            )}
          </p>
          <Way name="dpop" title="Bind tokens to a key (DPoP)" entry="dpop" disabled={!standard}>
            The bank wants a proof with each call. A copied token is worth nothing.
          </Way>
          <Way name="push" title="Push the request (PAR)" entry="par" disabled={!standard}>
            The request goes straight to the tenant, not through the address bar.
          </Way>
        </fieldset>
      </div>
      <p class="way-more">
        The vendor’s guide has another way, which you should not take:{' '}
        <ViewLink to="password">the password page</ViewLink>
      </p>
    </section>
  )
}

interface WayProps {
  readonly name: keyof Ways
  readonly title: string
  /** The import it stands for. */
  readonly entry: string
  readonly disabled?: boolean
  readonly children: string
}

function Way({ name, title, entry, disabled = false, children }: WayProps) {
  const page = usePage()
  const ways = useStore(page.ways, page.ways.get())
  return (
    <Switch
      id={`way-${name}`}
      label={title}
      checked={ways[name]}
      disabled={disabled}
      onChange={(checked) => void changeWays(page, { [name]: checked })}
    >
      {children} <code>tessera-auth/{entry}</code>
    </Switch>
  )
}
