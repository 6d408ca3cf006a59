import { usePage } from '../page-context.js'
import { useStore } from '../use-store.js'
import { TimelineList } from './timeline-list.js'
import { ViewLink } from './view-link.js'

const LATEST = 9

/** The latest events, with a way to all of them. */
export function TimelineCard() {
  const { events } = usePage().timeline
  const all = useStore(events, events.get())
  return (
    <section class="card" aria-labelledby="timeline-title">
      <div class="card-head">
        <h2 id="timeline-title">What just happened</h2>
        {all.length > LATEST && <ViewLink to="activity">See all {all.length}</ViewLink>}
      </div>
      <TimelineList events={all.slice(-LATEST)} />
    </section>
  )
}
