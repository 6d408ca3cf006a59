/**
 * Whether a form was sent by a page of another origin. A missing `Origin` is not: programs send none.
 *
 * @param {import('express').Request} req
 */
export function isFromElsewhere(req) {
  const { origin, host } = req.headers
  return origin !== undefined && !(URL.canParse(origin) && new URL(origin).host === host)
}
