import { Button } from '../components/button.js'
import { TimelineList } from '../components/timeline-list.js'
import { ViewLink } from '../components/view-link.js'
import { usePage } from '../page-context.js'
import { useStore } from '../use-store.js'

/** Everything that happened in this tab; it needs no session. */
export function Activity({ signedIn }: { readonly signedIn: boolean }) {
  const { timeline } = usePage()
  const events = useStore(timeline.events, timeline.events.get())
  return (
    <div class="container view">
      <div class="view-head">
        <h1 tabIndex={-1}>Activity</h1>
        <p class="soft">
          What happened in this tab. Words and times only: no token is written down.
          {!signedIn && (
            <>
              {' '}
              You are not signed in. <ViewLink to="overview">Go to the start page</ViewLink>
            </>
          )}
        </p>
      </div>
      <section class="card" aria-labelledby="activity-title">
        <div class="card-head">
          <h2 id="activity-title">Since you opened this tab</h2>
          <Button onClick={timeline.clear}>Clear the list</Button>
        </div>
        <TimelineList events={events} />
      </section>
    </div>
  )
}
