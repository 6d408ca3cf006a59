/** The tax return of the demo. Every figure is made up. */
export const TAX_RETURN = {
  year: 2025,
  income: 61_480,
  interest: 212.36,
  tax: 13_214.5,
  withheld: 11_930,
  due: 1_284.5,
} as const

/** What is still to be paid. */
export const TAX_DUE = TAX_RETURN.due

/** Where the money goes: an example IBAN. */
export const TAX_OFFICE = 'DE02 1203 0000 0000 2020 51'

/** What the bank shows on the statement. */
export const PAYMENT_REFERENCE = `Income tax ${TAX_RETURN.year}`

const DAYS_TO_PAY = 21

/** The last day to pay, which is never far away in a demo. */
export function findDueDate(now: number): number {
  return now + DAYS_TO_PAY * 24 * 60 * 60 * 1000
}
