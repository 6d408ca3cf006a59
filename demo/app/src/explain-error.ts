import type { AuthError, AuthErrorCode } from 'tessera-auth'
import { describeDuration } from './format.js'

/** What the user can do about an error. */
export type Remedy = 'sign-in' | 'switch-user' | 'retry' | 'redirect' | 'reload' | 'allow' | 'none'

/** An error in a user's words. */
export interface Explanation {
  readonly title: string
  readonly text: string
  readonly remedy: Remedy
}

/** Names that belong into the sentences. */
export interface Place {
  /** Host of the tenant. */
  readonly tenant: string
  /** Host of this app. */
  readonly app: string
  /** Where this app is registered instead, if this page was opened at another address. */
  readonly registered: string | null
}

type Explain = (error: AuthError, place: Place) => Explanation

/** One entry for each code: a code without an entry does not compile. */
const EXPLANATIONS: Readonly<Record<AuthErrorCode, Explain>> = {
  config: () => ({
    title: 'Tax eFile is not set up to sign anyone in',
    text: 'One of its settings is wrong. The technical details name the setting and the remedy.',
    remedy: 'reload',
  }),
  insecure_url: () => ({
    title: 'The way to the sign-in is not secure',
    text: 'An address of the sign-in service does not use https, so nothing was sent there. Whoever runs Tax eFile has to correct the address.',
    remedy: 'none',
  }),
  discovery_invalid: (_, { tenant }) => ({
    title: 'The sign-in service did not introduce itself properly',
    text: `${tenant} answered, but not with the description of this application. Check the names of the tenant and the application in the settings of Tax eFile.`,
    remedy: 'retry',
  }),
  network: (_, { tenant, registered }) =>
    registered
      ? {
          title: 'The sign-in service does not talk to this address',
          text: `${tenant} answers only pages it knows. Open Tax eFile at ${registered} and sign in there.`,
          remedy: 'none',
        }
      : {
          title: 'The sign-in service does not answer',
          text: `We could not reach ${tenant}. Check that you are online and that the tenant is running, then try again. If both are so, the tenant does not answer this page: the technical details say what an administrator has to do.`,
          remedy: 'retry',
        },
  timeout: (_, { tenant }) => ({
    title: 'The sign-in service takes too long',
    text: `${tenant} did not answer in time. Wait a moment, then try again.`,
    remedy: 'retry',
  }),
  provider_unavailable: ({ retryAfter }, { tenant }) => ({
    title: 'The sign-in service is busy',
    text: `${tenant} cannot answer now. Try again ${retryAfter ? `in ${describeDuration(retryAfter)}` : 'in a few minutes'}.`,
    remedy: 'retry',
  }),
  callback_state: () => ({
    title: 'This sign-in was used already, or is too old',
    text: 'It may come from a bookmark, from the back button, or from a sign-in that was left open for long. Nothing has changed. Please sign in again.',
    remedy: 'sign-in',
  }),
  callback_issuer: (_, { tenant }) => ({
    title: 'The answer came from somewhere else',
    text: `We asked ${tenant}, but another service answered. We threw its answer away. Please sign in again.`,
    remedy: 'sign-in',
  }),
  callback_invalid: () => ({
    title: 'The answer of the sign-in service was garbled',
    text: 'The address you came back with is not complete. Please sign in again.',
    remedy: 'sign-in',
  }),
  authorization_error: explainRefusal,
  interaction_required: (_, { tenant }) => ({
    title: 'You have to sign in yourself',
    text: `${tenant} wants to see you before it goes on. Please sign in.`,
    remedy: 'sign-in',
  }),
  token_request_refused: ({ providerError }, { tenant }) => ({
    title: 'The sign-in could not be finished',
    text:
      providerError === 'invalid_grant'
        ? 'The code you came back with had been used or had run out. Please sign in again.'
        : `${tenant} did not issue a token to Tax eFile. Sign in again; if that does not help, the technical details say what whoever runs Tax eFile has to change.`,
    remedy: 'sign-in',
  }),
  token_response_invalid: (_, { tenant }) => ({
    title: 'The sign-in service gave an answer we cannot use',
    text: `${tenant} sent something that is not a valid token answer, so you are not signed in. Please sign in again.`,
    remedy: 'sign-in',
  }),
  id_token_invalid: () => ({
    title: 'We could not make sure that it is you',
    text: 'The proof of your identity failed one of our checks, so we threw it away. Please sign in again.',
    remedy: 'sign-in',
  }),
  clock_skew: ({ offset }) => ({
    title: 'Your clock is wrong',
    text: `This device’s clock is ${describeOffset(offset)}. Set the date and time to automatic in the device’s settings, then sign in again.`,
    remedy: 'sign-in',
  }),
  user_mismatch: () => ({
    title: 'Somebody else signed in',
    text: 'The person who came back is not the one who was signed in, so nothing was changed. To switch, sign out first.',
    remedy: 'none',
  }),
  not_authenticated: () => ({
    title: 'You are not signed in',
    text: 'Please sign in first.',
    remedy: 'sign-in',
  }),
  session_expired: () => ({
    title: 'Your session has run out',
    text: 'Sign in again to go on where you are.',
    remedy: 'sign-in',
  }),
  origin_not_allowed: () => ({
    title: 'Your token was not sent',
    text: 'Tax eFile was about to call an address that is not the bank’s, so the call was stopped. Whoever runs Tax eFile has to correct the address.',
    remedy: 'none',
  }),
  step_up_required: () => ({
    title: 'The bank asks for one more permission',
    text: 'You have not allowed Tax eFile to do this. Nothing has happened yet.',
    remedy: 'allow',
  }),
  userinfo_invalid: () => ({
    title: 'Your profile could not be read',
    text: 'The profile the sign-in service sent is not yours or is not complete, so we do not show it.',
    remedy: 'none',
  }),
  storage_unavailable: (_, { app }) => ({
    title: 'Your browser keeps nothing for this site',
    text: `Cookies and site data are blocked for ${app}, and without them a sign-in cannot come back to this page. Allow them in the browser’s site settings, then reload the page and sign in.`,
    remedy: 'reload',
  }),
  sign_in_interrupted: () => ({
    title: 'The sign-in was interrupted',
    text: 'You came back before it was complete. Nothing has changed; sign in whenever you like.',
    remedy: 'sign-in',
  }),
  popup_blocked: () => ({
    title: 'The sign-in window did not open',
    text: 'The browser blocked it. Allow windows for this page, or sign in here instead.',
    remedy: 'redirect',
  }),
  popup_closed: () => ({
    title: 'The sign-in window was closed',
    text: 'Nothing has changed; sign in whenever you like.',
    remedy: 'sign-in',
  }),
  dpop: () => ({
    title: 'A server did not accept this browser’s key',
    text: 'Sign in again. If that does not help, the server is set up wrongly.',
    remedy: 'sign-in',
  }),
  signed_out: () => ({
    title: 'You have been signed out',
    text: 'The session ended in the meantime, perhaps in another tab. Please sign in again.',
    remedy: 'sign-in',
  }),
  closed: () => ({
    title: 'This page has been put to rest',
    text: 'Reload it to go on.',
    remedy: 'reload',
  }),
}

/** Says in a user's words what an error means and what helps. */
export function explainError(error: AuthError, place: Place): Explanation {
  return EXPLANATIONS[error.code](error, place)
}

function explainRefusal(error: AuthError, { tenant }: Place): Explanation {
  const remedy = 'sign-in'
  switch (error.providerError) {
    case 'access_denied':
      return explainDenial(error.providerErrorDescription ?? '', tenant)
    case 'invalid_client':
    case 'unauthorized_client':
      return {
        title: `${tenant} does not know Tax eFile`,
        text: 'The client ID is wrong, or the address of this page is not among the tenant’s trusted domains. An administrator of the tenant can correct both.',
        remedy,
      }
    case 'invalid_scope':
      return {
        title: 'Tax eFile asked for a permission that does not exist',
        text: `An administrator has to define it at ${tenant} first. The technical details name it.`,
        remedy,
      }
    default:
      return {
        title: `${tenant} did not let you in`,
        text: 'The technical details say why. You can try again.',
        remedy,
      }
  }
}

/** Tells by the description, where there is a telling one, who said no: the user or the tenant. */
function explainDenial(description: string, tenant: string): Explanation {
  if (/run permission|not allowed|not authori[sz]ed/i.test(description)) {
    return {
      title: 'Your user may not run Tax eFile',
      text: `${tenant} knows you, but you do not have the Run permission for this application. Ask your administrator for it, or sign in as somebody who has it.`,
      remedy: 'switch-user',
    }
  }
  return {
    title: 'Access was not given',
    text: `Either you said no, or your user may not run Tax eFile at ${tenant}. If it was you, sign in again whenever you like; otherwise ask your administrator for the Run permission.`,
    remedy: 'sign-in',
  }
}

function describeOffset(offset: number | undefined): string {
  if (offset === undefined) return 'too far from the right time'
  return `${describeDuration(offset)} ${offset > 0 ? 'slow' : 'fast'}`
}
