import { formatMoney } from '../format.js'
import { TAX_RETURN } from '../tax-return.js'

/** Properties of {@link ReturnFigures}. */
export interface ReturnFiguresProps {
  /** Until the bank has been asked, its figure is an estimate. */
  readonly bankAsked: boolean
  readonly paid?: boolean
  /** What is due is nobody's in particular. */
  readonly example?: boolean
}

/** The figures of the tax return. */
export function ReturnFigures({ bankAsked, paid = false, example = false }: ReturnFiguresProps) {
  const rows = [
    ['Income from employment', TAX_RETURN.income],
    [bankAsked ? 'Interest, as your bank says' : 'Interest, estimated', TAX_RETURN.interest],
    ['Tax on both', TAX_RETURN.tax],
    ['Tax withheld already', -TAX_RETURN.withheld],
    ...(paid ? ([['Paid from your account', -TAX_RETURN.due]] as const) : []),
  ] as const
  return (
    <dl class="figures">
      {rows.map(([label, amount]) => (
        <div key={label} class={amount === TAX_RETURN.tax ? 'figures-tax' : undefined}>
          <dt>{label}</dt>
          <dd>{formatMoney(amount, 'EUR')}</dd>
        </div>
      ))}
      <div class="figures-total">
        <dt>{example ? 'To pay' : 'Still due'}</dt>
        <dd>{formatMoney(paid ? 0 : TAX_RETURN.due, 'EUR')}</dd>
      </div>
    </dl>
  )
}
