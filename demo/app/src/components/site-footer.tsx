import { usePage } from '../page-context.js'

/** The bottom of each page: that this is a demo, and where it signs in. */
export function SiteFooter() {
  const { config, place } = usePage()
  return (
    <footer class="site-footer">
      <div class="container">
        <p>
          Tax eFile is a demo of <strong>tessera-auth</strong>. No taxes, banks or people here are
          real{config.demoTenant ? '.' : ', except the tenant you sign in at.'}
        </p>
        <p>
          {config.demoTenant ? 'Demo tenant' : 'CyberArk Identity tenant'}{' '}
          <code>{place.tenant}</code>, application <code>{config.application}</code>
        </p>
      </div>
    </footer>
  )
}
