/**
 * The one style sheet of all buttons. Sizes are relative to the page's own font; no taller than a line of the page and with
 * negative block margins, a button never makes a line taller and never reaches into the next one. `!important` on the host
 * is deliberate: inside a shadow tree it wins over whatever the page says, also over the page's own `!important`.
 * Ink and paper are set inside, where the page's rules do not reach: what a button says must not be made invisible.
 */
export const BUTTON_STYLE = `
:host{all:initial!important;display:inline-flex!important;vertical-align:middle!important;align-self:center!important;
position:relative!important;margin:-4px 0!important;font:inherit!important;font-size:max(12px,.86em)!important;
white-space:nowrap!important}
:host([data-jcfetch=beside]){margin-inline-start:1em!important}
.split,.menu{color:var(--ink);background:var(--surface);--line:color-mix(in srgb,currentColor 32%,transparent);--hover:color-mix(in srgb,currentColor 9%,transparent);--mark:#5b5bd6;--good:#0f7b4f;--bad:#b3261e;--surface:#fff;--ink:#16191f;--edge:#d5dbdb}
[data-dark],[data-dark]~.menu{--mark:#a5a4ff;--good:#4cc38a;--bad:#ff9592;--surface:#1c2530;--ink:#e9ebed;--edge:#414d5c}
:host([hidden]){display:none!important}
*{box-sizing:border-box}
button{font:inherit;color:inherit;background:none;border:0;margin:0;cursor:pointer}
.split{display:inline-flex;block-size:max(1lh,20px);border:1px solid var(--line);border-radius:6px}
.split>button{display:inline-flex;align-items:center;padding:0 .5em}
.main{gap:.45em;inline-size:7.9em;border-start-start-radius:5px;border-end-start-radius:5px}
.more{inline-size:1.7em;justify-content:center;padding-inline:0!important;border-inline-start:1px solid var(--line)!important;
border-start-end-radius:5px;border-end-end-radius:5px}
.split>button:hover{background:var(--hover)}
.split>button:active{background:var(--line)}
button:focus-visible{outline:2px solid var(--mark);outline-offset:1px}
.text{overflow:hidden;text-overflow:ellipsis;font-variant-numeric:tabular-nums}
svg{width:1.1em;height:1.1em;flex:none;fill:none;stroke:currentColor;stroke-width:1.6;stroke-linecap:round;stroke-linejoin:round}
.mark .main svg{color:var(--mark);stroke-width:1.9}
.done .main{color:var(--good)}
.failed .main{color:var(--bad)}
.busy .spin{animation:spin .8s linear infinite}
@keyframes spin{to{transform:rotate(1turn)}}
.say{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%)}
.menu{position:fixed;inset:auto;margin:0;padding:4px;min-inline-size:15em;
border:1px solid var(--edge);border-radius:6px;box-shadow:0 4px 16px #0000002e}
.menu .head{padding:.35em .6em .5em;font-size:.92em;opacity:.75}
.menu button{display:flex;gap:.55em;align-items:center;inline-size:100%;padding:.35em .6em;border-radius:4px;text-align:start}
.menu button:is(:hover,:focus){background:var(--hover);outline:none}
.menu button:focus-visible{outline:2px solid var(--mark);outline-offset:-2px}
.menu svg{visibility:hidden;color:var(--mark)}
.menu [aria-checked=true] svg{visibility:visible}
@media (prefers-reduced-motion:reduce){.busy .spin{animation-duration:2.4s}}
@media (forced-colors:active){.split,.menu{border-color:ButtonText}.menu button:focus{outline:2px solid Highlight}}
`;
