import { formatMoney } from '../format.js'
import { TAX_RETURN } from '../tax-return.js'

/** The figures of the tax return. The bank's is an estimate until the bank has been asked. */
export function ReturnFigures({ bankAsked }: { readonly bankAsked: boolean }) {
  const rows = [
    ['Income from employment', TAX_RETURN.income],
    [bankAsked ? 'Interest, as your bank says' : 'Interest, estimated', TAX_RETURN.interest],
    ['Tax withheld already', -TAX_RETURN.withheld],
  ] as const
  return (
    <dl class="figures">
      {rows.map(([label, amount]) => (
        <div key={label}>
          <dt>{label}</dt>
          <dd>{formatMoney(amount, 'EUR')}</dd>
        </div>
      ))}
      <div class="figures-total">
        <dt>Still due</dt>
        <dd>{formatMoney(TAX_RETURN.due, 'EUR')}</dd>
      </div>
    </dl>
  )
}
