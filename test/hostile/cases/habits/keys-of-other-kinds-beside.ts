import { defineCase } from '../../define-case.ts'

export default defineCase({
  what: 'beside the key there are others of kinds that are new, or for something else (RFC 7517 §5)',
  keySet: (set) => ({
    keys: [
      { kty: 'AKP', alg: 'ML-DSA-65', kid: 'post-quantum', use: 'sig', pub: 'AAAA' },
      { kty: 'OKP', crv: 'X25519', kid: 'agreement', use: 'enc', x: 'AAAA' },
      { kty: 'EC', crv: 'secp256k1', alg: 'ES256K', kid: 'other-curve', x: 'AAAA', y: 'AAAA' },
      ...set.keys,
      { kty: 'XYZ', alg: 'XYZ1', kid: 'to-come' },
    ],
  }),
  expect: { end: 'SIGNED-IN' },
})
