import { usePage } from '../page-context.js'
import { useStore } from '../use-store.js'
import { findApplication } from '../ways/ways.js'

/** The bottom of each page: that this is a demo, and where it signs in. */
export function SiteFooter() {
  const { config, place, ways, router } = usePage()
  const view = useStore(router.view, router.view.get())
  const chosen = findApplication(config, useStore(ways, ways.get()))
  const { application } = (view === 'password' && config.password) || chosen
  return (
    <footer class="site-footer">
      <div class="container">
        <p>
          Tax eFile is a demo of <strong>tessera-auth</strong>. No taxes, banks or people here are
          real{config.demoTenant ? '.' : ', except the tenant you sign in at.'}
        </p>
        <p>
          {config.demoTenant ? 'Demo tenant' : 'CyberArk Identity tenant'}{' '}
          <code>{place.tenant}</code>, application <code>{application}</code>
        </p>
      </div>
    </footer>
  )
}
