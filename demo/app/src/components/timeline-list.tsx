import { formatExactTime } from '../format.js'
import type { TimelineEvent } from '../timeline/create-timeline.js'
import { Icon } from './icon.js'

/** What happened, oldest first. */
export function TimelineList({ events }: { readonly events: readonly TimelineEvent[] }) {
  if (events.length === 0) return <p class="soft">Nothing yet.</p>
  return (
    <ol class="timeline">
      {events.map((event, i) => (
        <li key={`${i} ${event.at}`} class={`event event-${event.tone}`}>
          <span class="event-mark">
            <Icon name={event.kind} />
          </span>
          <span class="event-text">
            <span class="event-title">{event.title}</span>
            {event.detail && <span class="event-detail">{event.detail}</span>}
          </span>
          <time class="event-time" dateTime={new Date(event.at).toISOString()}>
            {formatExactTime(event.at)}
          </time>
        </li>
      ))}
    </ol>
  )
}
