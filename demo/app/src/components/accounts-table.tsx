import type { Account } from '../bank/account.js'
import { formatMoney } from '../format.js'

/** The accounts, as the bank's API told them. */
export function AccountsTable({ accounts }: { readonly accounts: readonly Account[] }) {
  return (
    <table class="accounts">
      <caption class="unseen">Your accounts at the bank</caption>
      <thead>
        <tr>
          <th scope="col">Account</th>
          <th scope="col" class="accounts-iban">
            IBAN
          </th>
          <th scope="col" class="number">
            Balance
          </th>
        </tr>
      </thead>
      <tbody>
        {accounts.map(({ id, name, iban, balance, currency }) => (
          <tr key={id}>
            <th scope="row">
              {name}
              <span class="accounts-iban-below">{iban}</span>
            </th>
            <td class="accounts-iban">{iban}</td>
            <td class="number">{formatMoney(Number(balance), currency)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}
