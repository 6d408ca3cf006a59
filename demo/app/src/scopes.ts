/** The scope that reads the user's accounts at the bank. */
export const READ_ACCOUNTS = 'accounts.read'

/** The scope that moves money. Not asked for until it is needed. */
export const MAKE_PAYMENTS = 'payments.write'

const WORDS: Readonly<Record<string, string>> = {
  openid: 'Know that it is you',
  profile: 'See your name',
  email: 'See your email address',
  ReadUserProfile: 'Read your user profile',
  [READ_ACCOUNTS]: 'Read your bank accounts',
  [MAKE_PAYMENTS]: 'Make payments from your accounts',
  offline_access: 'Stay signed in while you are away',
}

/** What a scope means, in a user's words. */
export function describeScope(scope: string): string {
  return WORDS[scope] ?? 'A permission your bank has defined'
}
