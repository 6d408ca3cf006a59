/**
 * Where the demo's tenant differs from the defaults of its switches: it lets itself be framed, so that
 * renewal in a hidden frame can be seen. Whether real ones do, nobody says.
 */
export const DEMO_SWITCHES = /** @type {const} */ ({ frames: 'allowed' })
