import type { ComponentChildren } from 'preact'

/** Properties of {@link Switch}. */
export interface SwitchProps {
  readonly id: string
  readonly label: string
  readonly checked: boolean
  readonly disabled?: boolean
  readonly onChange: (checked: boolean) => void
  /** What it does, in a sentence. */
  readonly children: ComponentChildren
}

/** Something that is on or off, with its name and what it does. */
export function Switch({ id, label, checked, disabled = false, onChange, children }: SwitchProps) {
  return (
    <div class="switch">
      <input
        id={id}
        type="checkbox"
        // biome-ignore lint/a11y/useAriaPropsForRole: a checkbox must not have aria-checked, https://www.w3.org/TR/html-aria/#att-checked
        role="switch"
        class="switch-box"
        checked={checked}
        disabled={disabled}
        aria-describedby={`${id}-about`}
        onChange={(event) => onChange(event.currentTarget.checked)}
      />
      <label for={id}>{label}</label>
      <p id={`${id}-about`}>{children}</p>
    </div>
  )
}
