import { appendFile } from 'node:fs/promises'
import type { Installation } from './foreign-provider.ts'
import type { Wire } from './watch-wire.ts'

/** Notes what a provider was seen to do, for the table that `run.mjs` writes. */
export async function noteHabits(
  provider: string,
  { name }: Installation,
  wire: Wire,
): Promise<void> {
  const file = process.env.TESSERA_HABITS
  if (!file) return
  const back = new URL(wire.callbacks.at(-1) ?? 'http://localhost/').searchParams
  const [first, second] = wire.exchanges.map(({ body }) => JSON.parse(body))
  const [header, claims] = parts(first.id_token)
  const habits: Record<string, string> = {
    callback: [...back.keys()].filter((key) => key !== 'code' && key !== 'state').join(', ') || '–',
    'ID token': [
      header.alg,
      header.kid ? 'kid' : 'no kid',
      Array.isArray(claims.aud) ? `aud list of ${claims.aud.length}` : 'aud text',
      ...['azp', 'at_hash', 'auth_time', 'acr', 'sid'].filter((claim) => claim in claims),
    ].join(', '),
    'token response': [
      first.token_type,
      `expires_in ${typeof first.expires_in}`,
      'scope' in first ? 'scope' : 'no scope',
    ].join(', '),
    CORS: wire.origins.join(', ') || 'none',
  }
  if (second) {
    habits.renewal = [
      'refresh_token' in second ? 'rotates' : 'keeps the refresh token',
      'id_token' in second ? 'ID token' : 'no ID token',
      'scope' in second ? 'scope' : 'no scope',
    ].join(', ')
  }
  await appendFile(file, `${JSON.stringify({ provider, installation: name, habits })}\n`)
}

function parts(token: string): [Record<string, unknown>, Record<string, unknown>] {
  const [header, claims] = token
    .split('.', 2)
    .map((part) => JSON.parse(Buffer.from(part, 'base64url').toString()))
  return [header, claims]
}
