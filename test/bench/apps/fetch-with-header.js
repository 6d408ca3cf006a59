/** What an app writes where its library has no `fetch`: the header, by hand. */
export const fetchWithHeader = (getToken) => async (url) =>
  fetch(url, { headers: { authorization: `Bearer ${await getToken()}` } })
