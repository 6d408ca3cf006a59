/** An account, as the bank's API tells it. Money is a decimal string there. */
export interface Account {
  readonly id: string
  readonly name: string
  readonly iban: string
  readonly balance: string
  readonly currency: string
}

/** A transfer that the bank has made. */
export interface Receipt {
  readonly id: string
  /** The account that paid. */
  readonly from: string
  /** The IBAN that got the money. */
  readonly to: string
  readonly reference: string
}
