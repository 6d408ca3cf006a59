import type { ComponentChildren } from 'preact'

/** Properties of {@link Button}. */
export interface ButtonProps {
  readonly onClick: () => void
  readonly look?: 'main' | 'plain' | 'bright'
  /** Work is under way: the button keeps its place and its focus, and does nothing. */
  readonly busy?: boolean
  readonly children: ComponentChildren
}

/** A button. */
export function Button({ onClick, look = 'plain', busy = false, children }: ButtonProps) {
  return (
    <button
      type="button"
      class={`button button-${look}`}
      aria-disabled={busy}
      onClick={() => {
        if (!busy) onClick()
      }}
    >
      {children}
      {busy && <span class="spinner" aria-hidden="true" />}
    </button>
  )
}
