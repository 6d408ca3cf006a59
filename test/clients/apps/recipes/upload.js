import { auth } from './auth.js'

export async function upload(file, { onProgress, signal }) {
  const url = 'https://api.example/v1/files'
  const headers = await auth.authorize({ url, method: 'POST', signal })
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest()
    request.open('POST', url)
    for (const [name, value] of Object.entries(headers)) request.setRequestHeader(name, value)
    request.upload.onprogress = ({ loaded, total }) => onProgress(loaded / total)
    request.onload = () => resolve(request.status)
    request.onerror = () => reject(new Error('The upload failed.'))
    request.onabort = () => reject(signal.reason)
    signal?.addEventListener('abort', () => request.abort(), { once: true })
    request.send(file)
  })
}
