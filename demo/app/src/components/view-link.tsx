import type { ComponentChildren } from 'preact'
import { usePage } from '../page-context.js'
import { PATHS, type View } from '../router.js'

/** Properties of {@link ViewLink}. */
export interface ViewLinkProps {
  readonly to: Exclude<View, 'lost'>
  readonly class?: string
  readonly current?: boolean
  readonly children: ComponentChildren
}

/** A link to a view of this app: a real one, so that it opens in a new tab as well. */
export function ViewLink({ to, class: className, current = false, children }: ViewLinkProps) {
  const { router, notice } = usePage()
  return (
    <a
      href={PATHS[to]}
      class={className}
      aria-current={current ? 'page' : undefined}
      onClick={(event) => {
        if (event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return
        event.preventDefault()
        notice.set(null)
        router.go(to)
      }}
    >
      {children}
    </a>
  )
}
