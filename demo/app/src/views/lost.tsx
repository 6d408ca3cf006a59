import { ViewLink } from '../components/view-link.js'

/** An address that leads nowhere. */
export function Lost() {
  return (
    <div class="container view">
      <div class="view-head">
        <h1 tabIndex={-1}>There is no such page</h1>
        <p>
          The address <code>{location.pathname}</code> leads nowhere.{' '}
          <ViewLink to="overview">Go to the overview</ViewLink>
        </p>
      </div>
    </div>
  )
}
