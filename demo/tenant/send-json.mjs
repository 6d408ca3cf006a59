/**
 * @param {import('express').Response} res
 * @param {unknown} body
 * @param {number} [status]
 */
export function sendJson(res, body, status = 200) {
  res.status(status).json(body)
}
