import {
  constants,
  createHmac,
  generateKeyPairSync,
  type KeyObject,
  randomUUID,
  sign,
} from 'node:crypto'

/** A key pair, as a provider has it. */
export interface SigningKey {
  readonly kid: string
  readonly alg: string
  readonly privateKey: KeyObject
  readonly publicKey: KeyObject
  /** The public half as a key set publishes it. */
  readonly jwk: PublicKey
}

export type PublicKey = Readonly<Record<string, unknown>> & { readonly kid: string }

function rsa(kid: string, bits = 2048, alg = 'RS256'): SigningKey {
  return named(kid, alg, generateKeyPairSync('rsa', { modulusLength: bits }))
}

function named(
  kid: string,
  alg: string,
  { privateKey, publicKey }: { privateKey: KeyObject; publicKey: KeyObject },
): SigningKey {
  const jwk = { ...publicKey.export({ format: 'jwk' }), kid, alg, use: 'sig' }
  return { kid, alg, privateKey, publicKey, jwk }
}

/** All key pairs of a run: made once, since RSA takes its time. */
export const KEYS = {
  /** What the honest provider signs with. */
  honest: rsa('honest'),
  /** What it rotates to. */
  next: rsa('next'),
  /** In nobody's key set. */
  attacker: rsa('attacker'),
  weak: rsa('weak', 1024),
  elliptic: named('elliptic', 'ES256', generateKeyPairSync('ec', { namedCurve: 'P-256' })),
  edwards: named('edwards', 'EdDSA', generateKeyPairSync('ed25519')),
}

const encode = (value: unknown) =>
  Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)).toString('base64url')

/** Signs a header and a payload that are encoded already. */
export function signEncoded(input: string, { alg, privateKey }: SigningKey): string {
  return `${input}.${signature(Buffer.from(input), privateKey, alg).toString('base64url')}`
}

/**
 * Signs anything under any header: the pen of a forger, who is not kept by a library from writing
 * what makes no sense. A string is taken as it is, for content that is no JSON.
 */
export function signRaw(
  header: Readonly<Record<string, unknown>> | string,
  payload: unknown,
  key: KeyObject | string | null,
  alg: string = typeof header === 'string' ? '' : String(header.alg),
): string {
  const input = `${encode(header)}.${encode(payload)}`
  return `${input}.${signature(Buffer.from(input), key, alg).toString('base64url')}`
}

function signature(input: Buffer, key: KeyObject | string | null, alg: string): Buffer {
  const hash = `sha${/\d{3}$/.exec(alg)?.[0] ?? '256'}`
  if (key === null) return Buffer.alloc(0)
  if (typeof key === 'string') return createHmac(hash, key).update(input).digest()
  if (alg.startsWith('PS')) {
    const saltLength = constants.RSA_PSS_SALTLEN_DIGEST
    return sign(hash, input, { key, padding: constants.RSA_PKCS1_PSS_PADDING, saltLength })
  }
  if (alg.startsWith('ES')) return sign(hash, input, { key, dsaEncoding: 'ieee-p1363' })
  return sign(alg === 'EdDSA' ? null : hash, input, key)
}

/** Stands in every secret that a provider issues, and in nothing else. */
export const MARKER = 'tessErAsEcrEt'

/** A secret: a code, an access token, a refresh token. */
export const secret = (kind: string): string => `${kind}.${MARKER}.${randomUUID()}`
