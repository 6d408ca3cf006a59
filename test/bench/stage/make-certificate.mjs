// @ts-check
import { createHash, X509Certificate } from 'node:crypto'

/**
 * A certificate for the domain that all parts of the stage are in, signed by nobody, and what makes
 * a browser take it: the hash of its public key.
 *
 * @param {string} domain
 */
export async function makeCertificate(domain) {
  const { generate } = await import('selfsigned')
  const { cert, private: key } = await generate([{ name: 'commonName', value: domain }], {
    keyType: 'ec',
    algorithm: 'sha256',
    extensions: [{ name: 'subjectAltName', altNames: [{ type: 2, value: `*.${domain}` }] }],
  })
  const publicKey = new X509Certificate(cert).publicKey.export({ type: 'spki', format: 'der' })
  return { cert, key, hash: createHash('sha256').update(publicKey).digest('base64') }
}
