import { loadConfig } from './config.js'
import { createPage } from './page.js'
import { showUnready, startApp } from './start-app.js'
import { readArrival } from './timeline/read-arrival.js'
import { takeFromAddress } from './ways/keep-ways.js'

takeFromAddress()
loadConfig()
  .then((config) => startApp(createPage(config), readArrival(location)))
  .catch(showUnready)
