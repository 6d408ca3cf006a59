import type { EventKind } from '../timeline/create-timeline.js'

/** Names of the icons. */
export type IconName = EventKind | 'ok' | 'stop' | 'alert'

const SHAPES: Readonly<Record<IconName, string>> = {
  leave: 'M5 12h13M13 7l5 5-5 5',
  return: 'M19 12H6M11 7l-5 5 5 5',
  check: 'M12 3.5 5 6v5.5c0 4.2 2.9 7.4 7 9 4.1-1.6 7-4.8 7-9V6l-7-2.5Zm-3 8.6 2.2 2.2 4-4.3',
  keep: 'M7 11V8a5 5 0 0 1 10 0v3M5.5 11h13v9h-13z',
  call: 'M4 20h16M5 9.5 12 5l7 4.5M7 10v7m5-7v7m5-7v7',
  renew: 'M19 8a8 8 0 1 0 1 6M19.5 3.5V8H15',
  end: 'M10 4H5v16h5M15 8l4 4-4 4M19 12H9',
  tab: 'M4 8h11v11H4zM9 8V5h11v11h-5',
  ok: 'm5 12.5 4.5 4.5L19 7.5',
  stop: 'M7 7l10 10M17 7 7 17',
  alert: 'M12 4.5v9.5M12 18.5v.5',
}

/** A small drawing beside words; it says nothing by itself. */
export function Icon({ name }: { readonly name: IconName }) {
  return (
    <svg class="icon" viewBox="0 0 24 24" aria-hidden="true" focusable="false">
      <path d={SHAPES[name]} />
    </svg>
  )
}
