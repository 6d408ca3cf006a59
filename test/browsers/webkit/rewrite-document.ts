import { randomBytes } from 'node:crypto'
import type { IncomingHttpHeaders, OutgoingHttpHeaders } from 'node:http'

/**
 * Puts a script at the very beginning of a document. What its policy allows grows by this one
 * script, and by requests to one address.
 *
 * @param reports the address that the script may send requests to
 */
export function rewriteDocument(
  headers: IncomingHttpHeaders,
  html: Buffer,
  script: string,
  reports: string,
): { headers: OutgoingHttpHeaders; body: Buffer } {
  const nonce = randomBytes(16).toString('base64')
  const [doctype = ''] = /^\s*<!doctype[^>]*>/i.exec(html.toString('latin1', 0, 200)) ?? []
  const element = `<script nonce="${nonce}">${script.replaceAll('</script', '<\\/script')}</script>`
  const body = Buffer.concat([
    html.subarray(0, doctype.length),
    Buffer.from(element),
    html.subarray(doctype.length),
  ])
  const policy = headers['content-security-policy']
  return {
    body,
    headers: {
      ...headers,
      'content-length': body.length,
      ...(policy && { 'content-security-policy': allow(String(policy), nonce, reports) }),
    },
  }
}

function allow(header: string, nonce: string, reports: string): string {
  return header
    .split(',')
    .map((policy) => {
      const directives = policy.split(';').flatMap((each) => {
        const [name = '', ...sources] = each.trim().split(/\s+/)
        return name ? [[name.toLowerCase(), sources] as [string, string[]]] : []
      })
      grow(directives, ['script-src-elem', 'script-src', 'default-src'], `'nonce-${nonce}'`)
      grow(directives, ['connect-src', 'default-src'], reports)
      return directives.map(([name, sources]) => [name, ...sources].join(' ')).join('; ')
    })
    .join(', ')
}

/** Adds a source to the directive that counts: the first of the names that the policy has. */
function grow(directives: [string, string[]][], names: string[], source: string): void {
  const counts = names
    .map((name) => directives.find(([each]) => each === name))
    .find((found) => found !== undefined)
  if (!counts) return
  const [name, sources] = counts
  const isStrict = sources.some((each) => /^'(nonce|sha\d+)-/.test(each))
  // A nonce would switch this off.
  if (sources.includes("'unsafe-inline'") && !isStrict) return
  const grown = [...sources.filter((each) => each !== "'none'"), source]
  if (name === 'default-src') directives.push([names.at(-2) as string, grown])
  else counts[1] = grown
}
