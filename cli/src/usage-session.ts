/** Help on signing in without the extension. */
export const SESSION_TOPICS = {
  login: `jcfetch login [--session NAME | --profile NAME] [--device-code] [--no-browser]
              [--browser COMMAND] [--fresh] [--share]

  jcfetch login
  jcfetch login --session acme --device-code
  jcfetch login --profile dev --browser "firefox -P work"

For a terminal without the extension. Signs in at the access portal of an
[sso-session NAME] in ~/.aws/config: in your browser on this computer, or, over
SSH, in a container or without a screen, with a code that any browser takes. The
address is always printed. Use the browser that your company trusts: JumpCloud
may ask for it. Does nothing where a sign-in is still good; with --fresh, signs
in anew. After that credentials are fetched and the sign-in is refreshed without
you until the portal session ends.

--browser COMMAND  opens the address with it; else BROWSER, else the system's
                   own. %s stands for the address
--share            the AWS CLI uses the same sign-in. Its cache lies readable in
                   ~/.aws/sso/cache; without --share jcfetch writes tokens to no
                   disk
`,
  logout: `jcfetch logout [--profiles] [--session NAME] [--aws-caches] [--portal]

Removes this terminal's keys and tells the broker to drop it, and forgets every
sign-in of jcfetch login. You stay signed in at the access portal.
--session NAME  forgets that sign-in alone
--profiles      takes the profiles that jcfetch wrote out of ~/.aws/config, too
--aws-caches    removes the AWS CLI's cached tokens, too, and the role
                credentials it made of any
--portal        ends the portal session of these sign-ins, in your browser as
                well
`,
} as const;
