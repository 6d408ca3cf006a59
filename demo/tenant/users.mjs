import { randomUUID } from 'node:crypto'

/**
 * @typedef {object} TenantUser
 * @property {string} sub the directory's UUID of the user
 * @property {string} username `unique_name` in tokens
 * @property {string} password
 * @property {string} name
 * @property {string} email
 * @property {string} phone
 * @property {boolean} canRun whether the user has the Run permission on the tenant's apps
 * @property {string} about a note for the sign-in page
 */

/**
 * The directory of the demo tenant. The identifiers are fixed, so that what an app has stored about
 * a user still fits after a restart.
 *
 * @returns {Map<string, TenantUser>} by user name in lower case
 */
export function createUsers() {
  const users = [
    {
      sub: '4f6a2b0e-3c1d-4e8a-9b57-0d2c8e1f7a63',
      username: 'monika.a',
      password: 'Monika-demo-1',
      name: 'Monika A.',
      email: 'monika.a@tenant.example',
      phone: '+49 30 5550 1001',
      canRun: true,
      about: 'may run the apps',
    },
    {
      sub: '9d1e7c42-6b0f-4a35-8c9e-5f3a1b7d2e84',
      username: 'peter.b',
      password: 'Peter-demo-2',
      name: 'Peter B.',
      email: 'peter.b@tenant.example',
      phone: '+49 30 5550 1002',
      canRun: false,
      about: 'has no Run permission: the tenant refuses him',
    },
  ]
  return new Map(users.map((user) => [user.username, user]))
}

/**
 * @param {Map<string, TenantUser>} users
 * @param {unknown} username
 * @param {unknown} password
 * @returns {TenantUser | undefined}
 */
export function findUserByPassword(users, username, password) {
  const user = users.get(
    String(username ?? '')
      .trim()
      .toLowerCase(),
  )
  return user !== undefined && user.password === password ? user : undefined
}

/**
 * @param {Map<string, TenantUser>} users
 * @param {string | undefined} sub
 * @returns {TenantUser | undefined}
 */
export function findUserBySub(users, sub) {
  return [...users.values()].find((user) => user.sub === sub)
}

/**
 * @param {Map<string, TenantUser>} users
 * @param {{ username: string, password: string, name?: string, email?: string }} details
 * @returns {TenantUser}
 */
export function addUser(users, { username, password, name = username, email = '' }) {
  const about = 'created by way of /cdirectoryservice/createuser'
  const user = {
    sub: randomUUID(),
    username,
    password,
    name,
    email,
    phone: '',
    canRun: true,
    about,
  }
  users.set(username.toLowerCase(), user)
  return user
}
