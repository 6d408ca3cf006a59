import type { Issuer } from './create-issuer.ts'

export type Json = Record<string, unknown>

/** An HTTP answer, before it is sent. */
export interface Reply {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: string | Uint8Array | AsyncIterable<string | Uint8Array>
  /** Ends the connection instead of answering. */
  readonly reset?: boolean
  /** Waits for this before the first byte. */
  readonly after?: Promise<unknown>
}

/** What a token response answers. */
export interface Grant {
  readonly type: 'authorization_code' | 'refresh_token'
  readonly accessToken: string
  /** How often this endpoint has been asked, from 1. */
  readonly nth: number
}

type Change<Value, Result = Value> = (value: Value, issuer: Issuer) => Result | Promise<Result>
type ReplyChange = (reply: Reply, issuer: Issuer, nth: number) => Reply | Promise<Reply>

/** What a provider does otherwise than an honest one. Each member changes one thing. */
export interface Mutation {
  readonly metadata?: Change<Json, unknown>
  readonly keySet?: Change<{ readonly keys: readonly Json[] }, unknown>
  /** The address that the user is sent back to. */
  readonly callback?: Change<URL, URL | string>
  readonly claims?: (claims: Json, grant: Grant, issuer: Issuer) => Json
  readonly header?: Change<Json>
  /** The whole ID token, from what would have been signed. */
  readonly idToken?: (
    parts: { readonly header: Json; readonly claims: Json },
    issuer: Issuer,
  ) => string
  readonly tokens?: (response: Json, grant: Grant, issuer: Issuer) => unknown
  readonly userInfo?: Change<Json, unknown>
  readonly discoveryReply?: ReplyChange
  readonly keySetReply?: ReplyChange
  readonly tokenReply?: ReplyChange
  readonly userInfoReply?: ReplyChange
  readonly revocationReply?: ReplyChange
  /** How far its clock is ahead, in milliseconds. */
  readonly clock?: number
}
