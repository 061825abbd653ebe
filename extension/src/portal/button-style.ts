/**
 * The one style sheet of all that is ours in the page. Sizes are relative to the page's own font; no taller than a line of the
 * page and with negative block margins, a button never makes a line taller and never reaches into the next one; what stands
 * beside an account lies over the page and takes no room. `!important` on the host is deliberate: inside a shadow tree it
 * wins over whatever the page says, also over the page's own `!important`.
 * Ink and paper are set inside, where the page's rules do not reach: what a button says must not be made invisible.
 */
export const BUTTON_STYLE = `
:host{all:initial!important;display:inline-flex!important;vertical-align:middle!important;align-self:center!important;
position:relative!important;margin:-4px 0!important;font:inherit!important;font-size:max(12px,.86em)!important;
white-space:nowrap!important}
:host([data-jcfetch=beside]){margin-inline-start:1em!important}
:host([hidden]){display:none!important}
.split,.menu,.marks{color:var(--ink);--line:color-mix(in srgb,currentColor 32%,transparent);--hover:color-mix(in srgb,currentColor 9%,transparent);--mark:#5b5bd6;--good:#0f7b4f;--warn:#9a5b00;--bad:#b3261e;--paper:#fff;--ink:#16191f}
[data-dark],[data-dark]~.menu{--mark:#a5a4ff;--good:#4cc38a;--warn:#f5b94a;--bad:#ff9592;--paper:#1c2530;--ink:#e9ebed}
.split,.menu{background:var(--paper);border:1px solid var(--line);border-radius:6px}
*{box-sizing:border-box}
button{font:inherit;color:inherit;background:none;border:0;margin:0;cursor:pointer;display:flex;gap:.5em;align-items:center;border-radius:5px}
button:hover,.menu button:focus{background:var(--hover)}
button:active{background:var(--line)}
button:focus-visible{outline:2px solid var(--mark);outline-offset:-1px}
.split{display:inline-flex;block-size:max(1lh,20px)}
.main{inline-size:7.9em;padding:0 .5em}
.more{inline-size:1.7em;justify-content:center;padding:0;border-inline-start:1px solid var(--line)}
.text,.label{overflow:hidden;text-overflow:ellipsis}
.text,.left{font-variant-numeric:tabular-nums}
svg{width:1.1em;height:1.1em;flex:none;fill:none;stroke:currentColor;stroke-width:1.7;stroke-linecap:round;stroke-linejoin:round}
svg.copy,.menu svg{color:var(--mark)}
.done .main,.left,.dev{color:var(--good)}
.asked .main,.low,.staging{color:var(--warn)}
.failed .main,.prod{color:var(--bad)}
.main .spinner{animation:spin .8s linear infinite}
@keyframes spin{to{transform:rotate(1turn)}}
.say{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%)}
.menu{position:fixed;inset:auto;margin:0;padding:4px;min-inline-size:15em;max-block-size:calc(100vh - 8px);overflow:auto;box-shadow:0 4px 16px #0000002e}
.head{padding:.35em .6em .5em;opacity:.75}
.menu button{inline-size:100%;padding:.3em .6em;text-align:start}
.menu svg{visibility:hidden}
[aria-checked=true] svg{visibility:visible}
hr{border:0;border-block-start:1px solid var(--line);margin:4px 0}
.marks,.marks span{display:inline-flex;align-items:center;gap:.35em}
.marks{position:absolute;inset-inline-start:.9em;top:50%;translate:0 -50%;gap:.7em;pointer-events:none}
.env{font-weight:600}
.bar{inline-size:4px;block-size:1em;border:1px solid;border-radius:2px}
.prod .bar{background:currentColor}
.staging .bar{background:linear-gradient(0deg,currentColor 50%,#0000 0)}
.dev .bar{inline-size:2px}
.label{border:1px solid var(--line);border-radius:9px;padding:0 .5em;max-inline-size:14em}
@media (prefers-reduced-motion:reduce){.main .spinner{animation-duration:2.4s}}
@media (forced-colors:active){.split,.menu{border-color:ButtonText}.menu button:focus{outline:2px solid Highlight}}
`;
