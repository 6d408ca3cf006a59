import type { ComponentChildren } from 'preact'

/** Properties of {@link Form}. */
export interface FormProps {
  /** Whether what was submitted is still under way: nothing is submitted meanwhile. */
  readonly busy: boolean
  readonly onSubmit: () => void
  readonly children: ComponentChildren
}

/** Fields, and what is done with them without leaving the page. */
export function Form({ busy, onSubmit, children }: FormProps) {
  return (
    <form
      class="form"
      onSubmit={(event) => {
        event.preventDefault()
        if (!busy) onSubmit()
      }}
    >
      {children}
    </form>
  )
}
