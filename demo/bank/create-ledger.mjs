import { randomUUID } from 'node:crypto'

/**
 * @typedef {{ id: string, name: string, iban: string, currency: 'EUR', balance: string }} Account
 * @typedef {{ id: string, date: string, text: string, amount: string, currency: 'EUR' }} Transaction
 * @typedef {{ id: string, from: string, to: string, amount: string, reference: string }} Transfer
 * @typedef {{ id: string, name: string, iban: string, cents: number,
 *   transactions: Transaction[] }} Page
 */

/**
 * The books of the bank. Every user sees the same three accounts; transfers change them until the
 * bank stops. Amounts are decimal strings, as money in JSON should be.
 *
 * @typedef {object} Ledger
 * @property {() => Account[]} listAccounts
 * @property {(accountId: string) => Transaction[] | undefined} listTransactions
 * @property {(order: unknown) => { transfer: Transfer } | { fault: string }} transfer
 * @property {() => Transfer[]} listTransfers latest first
 * @property {() => void} reset
 */

/** @returns {Ledger} */
export function createLedger() {
  let pages = openAccounts()
  /** @type {Transfer[]} */
  let transfers = []
  const find = (/** @type {unknown} */ accountId) => pages.find(({ id }) => id === accountId)
  return {
    listAccounts: () =>
      pages.map(({ id, name, iban, cents }) => {
        return { id, name, iban, currency: 'EUR', balance: formatCents(cents) }
      }),
    listTransactions: (accountId) => find(accountId)?.transactions,
    transfer(order) {
      const { from, to, amount, reference = '' } = Object(order)
      const page = find(from)
      if (page === undefined) return { fault: 'Say with “from” which of your accounts pays.' }
      const fault = findFault(page, to, amount)
      if (fault !== undefined) return { fault }
      const cents = parseCents(amount)
      page.cents -= cents
      const transfer = { id: randomUUID(), from, to, amount, reference: String(reference) }
      page.transactions.unshift(toTransaction(transfer, -cents))
      transfers.unshift(transfer)
      return { transfer }
    },
    listTransfers: () => [...transfers],
    reset() {
      pages = openAccounts()
      transfers = []
    },
  }
}

/**
 * @param {Page} page
 * @param {unknown} to
 * @param {unknown} amount
 */
function findFault(page, to, amount) {
  if (typeof to !== 'string' || !/^[A-Z]{2}\d{2}[A-Z0-9]{10,30}$/.test(to.replaceAll(' ', ''))) {
    return 'Say with “to” the IBAN that gets the money.'
  }
  if (typeof amount !== 'string' || !/^\d{1,9}\.\d\d$/.test(amount) || parseCents(amount) === 0) {
    return 'Say with “amount” how much, in the form 12.50.'
  }
  if (parseCents(amount) > page.cents) return 'There is not enough money in that account.'
  return undefined
}

/**
 * @param {Transfer} transfer
 * @param {number} cents
 * @returns {Transaction}
 */
function toTransaction({ id, to, reference }, cents) {
  const date = new Date().toISOString().slice(0, 10)
  const text = [`Transfer to ${to}`, reference].filter(Boolean).join(', ')
  return { id, date, text, amount: formatCents(cents), currency: 'EUR' }
}

/** @param {string} amount */
function parseCents(amount) {
  return Math.round(Number(amount) * 100)
}

/** @param {number} cents */
function formatCents(cents) {
  return (cents / 100).toFixed(2)
}

/**
 * The IBANs are of the kind that banks print in examples.
 *
 * @returns {Page[]}
 */
function openAccounts() {
  return [
    {
      id: 'current',
      name: 'Current account',
      iban: 'DE89 3704 0044 0532 0130 00',
      cents: 284_117,
      transactions: enter('current', [
        ['2026-01-30', 'Salary', 325_000],
        ['2026-01-28', 'Rent', -112_000],
        ['2026-01-27', 'Groceries', -6438],
        ['2026-01-25', 'Tax office, refund', 41_275],
      ]),
    },
    {
      id: 'savings',
      name: 'Savings',
      iban: 'DE75 5121 0800 1245 1261 99',
      cents: 1_560_000,
      transactions: enter('savings', [
        ['2026-01-02', 'Interest', 5820],
        ['2025-12-30', 'From current account', 50_000],
      ]),
    },
    {
      id: 'taxes',
      name: 'Put aside for taxes',
      iban: 'DE12 5001 0517 0648 4898 90',
      cents: 390_050,
      transactions: enter('taxes', [['2026-01-15', 'From current account', 32_500]]),
    },
  ]
}

/**
 * @param {string} accountId
 * @param {[date: string, text: string, cents: number][]} rows
 * @returns {Transaction[]}
 */
function enter(accountId, rows) {
  return rows.map(([date, text, cents], i) => {
    const id = `${accountId}-${i + 1}`
    return { id, date, text, amount: formatCents(cents), currency: 'EUR' }
  })
}
