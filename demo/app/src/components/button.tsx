import type { ComponentChildren } from 'preact'

/** Properties of {@link Button}. */
export interface ButtonProps {
  /** What a click does; a button without it submits its form. */
  readonly onClick?: () => void
  readonly look?: 'main' | 'plain' | 'bright'
  /** Work is under way: the button keeps its place and its focus, and does nothing. */
  readonly busy?: boolean
  readonly children: ComponentChildren
}

/** A button. */
export function Button({ onClick, look = 'plain', busy = false, children }: ButtonProps) {
  return (
    <button
      type={onClick ? 'button' : 'submit'}
      class={`button button-${look}`}
      aria-disabled={busy}
      onClick={(event) => {
        if (busy) event.preventDefault()
        else onClick?.()
      }}
    >
      {children}
      {busy && <span class="spinner" aria-hidden="true" />}
    </button>
  )
}
