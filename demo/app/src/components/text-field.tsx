import { useId } from 'preact/hooks'

/** Properties of {@link TextField}. */
export interface TextFieldProps {
  readonly label: string
  readonly value: string
  readonly onInput: (value: string) => void
  readonly isSecret?: boolean
  readonly autoComplete: 'username' | 'current-password' | 'new-password' | 'off'
}

/** A line to fill in, with its name above. */
export function TextField({
  label,
  value,
  onInput,
  isSecret = false,
  autoComplete,
}: TextFieldProps) {
  const id = useId()
  const common = {
    id,
    autoComplete,
    required: true,
    autocapitalize: 'none',
    spellcheck: false,
    value,
    onInput: (event: { readonly currentTarget: HTMLInputElement }) =>
      onInput(event.currentTarget.value),
  } as const
  return (
    <div class="field">
      <label for={id}>{label}</label>
      {isSecret ? <input {...common} type="password" /> : <input {...common} type="text" />}
    </div>
  )
}
