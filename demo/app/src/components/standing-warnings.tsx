import type { AuthState } from 'tessera-auth'
import { explainError } from '../explain-error.js'
import { usePage } from '../page-context.js'
import { useStore } from '../use-store.js'
import { Icon } from './icon.js'

/** What is wrong for as long as this page is open: its address, and blocked storage. */
export function StandingWarnings({ state }: { readonly state: AuthState }) {
  const { place, notice } = usePage()
  const shown = useStore(notice, notice.get())
  const warning = 'warning' in state ? state.warning : null
  const blocked = warning && explainError(warning, place)
  return (
    <>
      {place.registered && (
        <aside class="notice notice-warn" aria-label="Address">
          <Icon name="alert" />
          <div class="notice-body">
            <p class="notice-title">This address is not registered</p>
            <p>
              You opened Tax eFile at <code>{location.origin}</code>, which the tenant does not know
              and will refuse. Open it at <a href={place.registered}>{place.registered}</a> to sign
              in.
            </p>
          </div>
        </aside>
      )}
      {blocked && blocked.title !== shown?.title && (
        <aside class="notice notice-warn" aria-label="Storage">
          <Icon name="alert" />
          <div class="notice-body">
            <p class="notice-title">{blocked.title}</p>
            <p>{blocked.text}</p>
          </div>
        </aside>
      )}
    </>
  )
}
