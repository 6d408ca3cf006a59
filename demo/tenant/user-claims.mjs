/**
 * The claims about a user that the scopes open. Given and family name are the full name at this
 * vendor; that is what its page on claims says.
 *
 * @param {import('./users.mjs').TenantUser} user
 * @param {string[]} scopes
 */
export function userClaims({ username, name, email, phone }, scopes) {
  return {
    ...(scopes.includes('profile') && {
      name,
      given_name: name,
      family_name: name,
      preferred_username: username,
    }),
    ...(scopes.includes('email') && { email, email_verified: true }),
    ...(scopes.includes('phone') && { phone_number: phone, phone_number_verified: true }),
  }
}
