import { defineCase } from '../../define-case.ts'
import { members } from '../../mutations.ts'

export default defineCase({
  what: 'UserInfo speaks of somebody else',
  act: 'user-info',
  userInfo: members({ sub: 'somebody-else' }),
  expect: {
    end: 'KEEP',
    code: 'userinfo_invalid',
    message: 'The UserInfo endpoint answered with status 200 and not about this user.',
  },
})
