/**
 * A request as the tenant or the bank has seen it. It is the log of a demo and a fixture: bodies
 * and headers are kept as they came, secrets included.
 *
 * @typedef {object} LogEntry
 * @property {number} time
 * @property {string} method
 * @property {string} path without the query
 * @property {Record<string, string>} query
 * @property {import('node:http').IncomingHttpHeaders} headers
 * @property {string} body
 * @property {number | undefined} status not there until it is answered
 */

/**
 * Notes every request. Comes after whatever reads the body.
 *
 * @param {LogEntry[]} log
 * @returns {import('express').RequestHandler}
 */
export function logRequests(log) {
  return (req, res, next) => {
    const url = new URL(req.url, 'http://localhost')
    /** @type {LogEntry} */
    const entry = {
      time: Date.now(),
      method: req.method,
      path: url.pathname,
      query: Object.fromEntries(url.searchParams),
      headers: req.headers,
      body: typeof req.body === 'string' ? req.body : '',
      status: undefined,
    }
    log.push(entry)
    const writeHead = res.writeHead.bind(res)
    res.writeHead = (/** @type {number} */ status, /** @type {any[]} */ ...rest) => {
      entry.status = status
      return writeHead(status, ...rest)
    }
    next()
  }
}
